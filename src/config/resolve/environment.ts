import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type * as z from 'zod';
import { nearest } from '../../core/nearest.ts';
import type { EnvironmentConfig, HostGroup, TargetHost } from '../environment-config.ts';
import type { Path } from '../faults/document.ts';
import type { environment } from '../schema/environment.ts';
import { resolveCheck } from './environment-checks.ts';
import { resolveContent } from './environment-content.ts';
import { resolveRecipe } from './environment-recipe.ts';
import { resolveTransfer } from './environment-transfer.ts';
import { type EtcdAccessContext, resolveEtcdAccess } from './etcd-access.ts';
import type { Report } from './report.ts';

type Parsed = z.output<typeof environment>;
type ParsedHost = NonNullable<Parsed['hosts']>[number];
type ParsedGroup = NonNullable<Parsed['groups']>[number];

const localPrefix = 'local:';

/** An environment with its defaults in place; what does not fit together is reported. */
export function resolveEnvironment(
  name: string,
  given: Parsed,
  context: EtcdAccessContext,
): EnvironmentConfig {
  const { folder, report } = context;
  const at: Path = ['environments', name];
  const hosts = resolveHosts(given, at, context);
  const groups = resolveGroups(given.groups, hosts, [...at, 'groups'], report);
  const content = resolveContent(given, at, context);
  const declared = [...content.links, ...content.files, ...content.secrets];
  return {
    name,
    source: resolve(folder, given.source),
    path: given.path,
    repository: resolve(folder, given.repository ?? join('deploy', `${name}.git`)),
    hosts,
    groups,
    build: {
      // What is declared to lie there otherwise is no part of a version.
      ignore: [...(given.ignore ?? ['/php-*/cache/l10n/*.cdb']), ...declared.map((one) => `/${one.path}`)],
      allow: given.allow ?? [],
      barriers: given.barriers ?? [],
      requireClean: given.requireClean ?? false,
    },
    content,
    ssh: {
      configFile: given.ssh?.config === undefined ? null : resolve(folder, given.ssh.config),
      become: given.ssh?.become ?? null,
      persistMs: given.ssh?.persist ?? 120_000,
      connectTimeoutMs: given.ssh?.connectTimeout ?? 15_000,
    },
    transfer: resolveTransfer(given.transfer, at, report),
    keep: given.keep ?? 4,
    slots: {
      minAgeMs: given.slots?.minAge ?? 300_000,
      unseenProcesses: given.slots?.unseenProcesses ?? 'in-use',
      spare: given.slots?.spare ?? true,
    },
    deadlineMs: given.deadline ?? 300_000,
    checks: (given.checks ?? []).map((check, i) =>
      resolveCheck(check, groups, [...at, 'checks', i], context),
    ),
    notify: notifyOf(given.notify),
    pools: poolsOf(given.pools, [...at, 'pools'], context),
    recipe: resolveRecipe(given, at, context),
    restart:
      given.restart === undefined
        ? null
        : { command: given.restart.command, timeoutMs: given.restart.timeout ?? 60_000 },
  };
}

function resolveHosts(
  given: Parsed,
  at: Path,
  { folder, report }: { readonly folder: string; readonly report: Report },
): readonly TargetHost[] {
  if (given.hosts !== undefined && given.hostsFile !== undefined) {
    report.fault([...at, 'hostsFile'], 'the hosts stand under hosts, too; give them once');
  }
  const fromFile =
    given.hostsFile === undefined
      ? []
      : readHostsFile(resolve(folder, given.hostsFile), [...at, 'hostsFile'], report);
  const hosts = [...(given.hosts ?? []), ...fromFile].map((host) => resolveHost(host, folder));
  if (hosts.length === 0) report.fault(at, 'has no host: give hosts, or hostsFile');
  const seen = new Set<string>();
  for (const host of hosts) {
    if (seen.has(host.name))
      report.fault([...at, 'hosts'], `two hosts are called "${host.name}"; give one another name`);
    seen.add(host.name);
  }
  return hosts;
}

function resolveHost(given: ParsedHost, folder: string): TargetHost {
  const short =
    typeof given === 'string'
      ? { name: undefined, address: given, root: undefined, vars: undefined, rack: undefined }
      : given;
  const address = short.address ?? short.name ?? '';
  const more = {
    ...(short.vars === undefined ? {} : { vars: short.vars }),
    ...(short.rack === undefined ? {} : { rack: short.rack }),
  };
  if (address.startsWith(localPrefix)) {
    const root = resolve(folder, address.slice(localPrefix.length));
    return {
      name: short.name ?? basename(root),
      address: { kind: 'local' },
      root: short.root ?? root,
      ...more,
    };
  }
  const name = short.name ?? address.slice(address.indexOf('@') + 1);
  return { name, address: { kind: 'ssh', destination: address }, root: short.root ?? '', ...more };
}

/** One host a line, `#` begins a comment: as dsh and clustershell read them. */
function readHostsFile(file: string, at: Path, report: Report): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    report.fault(at, `this file cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return [];
  }
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return lines.filter((line) => {
    if (line === '') return false;
    const fits = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9_][A-Za-z0-9_.:-]*$/.test(line);
    if (!fits) report.fault(at, `${JSON.stringify(line)} in this file is no host name`);
    return fits;
  });
}

function resolveGroups(
  given: readonly ParsedGroup[] | undefined,
  hosts: readonly TargetHost[],
  at: Path,
  report: Report,
): readonly HostGroup[] {
  const names = hosts.map((host) => host.name);
  const parsed: readonly ParsedGroup[] = given ?? [{ name: 'all' }];
  const placed = new Map<string, string>();
  for (const [i, group] of parsed.entries()) {
    for (const host of group.hosts ?? []) {
      if (!names.includes(host))
        report.fault([...at, i, 'hosts'], `there is no host "${host}"`, nearest(host, names));
      else if (placed.has(host))
        report.fault([...at, i, 'hosts'], `"${host}" is in the group ${placed.get(host)}, too`);
      placed.set(host, group.name);
    }
  }
  const rest = names.filter((name) => !placed.has(name));
  const open = parsed.filter((group) => group.hosts === undefined);
  if (open.length > 1) report.fault(at, 'only one group may leave out its hosts and have the rest');
  if (open.length === 0 && rest.length > 0) report.fault(at, `${rest[0]} is in no group`);
  if (new Set(parsed.map((group) => group.name)).size !== parsed.length)
    report.fault(at, 'two groups have the same name');
  return parsed.map((group, i) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$/.test(group.name)) {
      report.fault([...at, i, 'name'], 'a group is called by letters, digits, "_" and "-"');
    }
    const members = group.hosts ?? rest;
    const limit = group.failureLimit ?? 0;
    return {
      name: group.name,
      hosts: members,
      batch: group.batch ?? 20,
      // A share is below 1; of whole numbers 0 is the same either way.
      failureLimit: Number.isInteger(limit) ? limit : Math.floor(limit * members.length),
      onFailure: group.onFailure ?? 'rollback',
      soakMs: group.soak ?? 0,
      asks: group.pause === 'ask',
      pauseMs: typeof group.pause === 'number' ? group.pause : 0,
    };
  });
}

function poolsOf(given: Parsed['pools'], at: Path, context: EtcdAccessContext): EnvironmentConfig['pools'] {
  if (given === undefined) return null;
  const access = resolveEtcdAccess(given, at, context);
  if (given.api === 'v2' && Object.values(access).some((one) => one !== null))
    context.report.fault([...at, 'api'], 'a login, ca, cert and key are for api: v3');
  return {
    ...access,
    endpoints: given.etcd,
    api: given.api ?? 'v3',
    prefix: given.prefix ?? '/conftool/v1/pools',
    services: given.services.map(({ dc, cluster, service, floor, pybal }) => ({
      dc,
      cluster,
      service,
      floor: floor ?? 0.5,
      pybal: pybal ?? [],
    })),
    waitMs: given.wait ?? 120_000,
    graceMs: given.grace ?? 3_000,
  };
}

function notifyOf(given: Parsed['notify']): EnvironmentConfig['notify'] {
  const [host = '', port = ''] = given?.irc?.split(':') ?? [];
  return {
    webhook: given?.webhook ?? null,
    irc: given?.irc === undefined ? null : { host, port: Number(port) },
  };
}
