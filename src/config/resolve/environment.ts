import { join, resolve } from 'node:path';
import type * as z from 'zod';
import type { EnvironmentConfig } from '../environment-config.ts';
import type { Path } from '../faults/document.ts';
import type { MailAlerts } from '../mail-config.ts';
import type { environment } from '../schema/environment.ts';
import { resolveCheck } from './environment-checks.ts';
import { resolveContent } from './environment-content.ts';
import { resolveGroups } from './environment-groups.ts';
import { resolveHostPool, resolveHosts } from './environment-hosts.ts';
import { resolveRecipe } from './environment-recipe.ts';
import { resolveTransfer } from './environment-transfer.ts';
import { type EtcdAccessContext, resolveEtcdAccess } from './etcd-access.ts';
import type { Report } from './report.ts';

type Parsed = z.output<typeof environment>;

/** An environment with its defaults in place; what does not fit together is reported. */
export function resolveEnvironment(
  name: string,
  given: Parsed,
  context: EtcdAccessContext & { readonly mail: MailAlerts | null },
): EnvironmentConfig {
  const { folder, report } = context;
  const at: Path = ['environments', name];
  const pools = poolsOf(given, [...at, 'pools'], context);
  const hosts = resolveHosts(given, at, context);
  const { groups, declared: declaredGroups } = resolveGroups(given, hosts, [...at, 'groups'], report);
  const content = resolveContent(given, at, context);
  if (given.transport === 'rsync' && (given.transfer?.relay ?? 'star') !== 'star')
    report.fault([...at, 'transfer', 'relay'], 'with transport: rsync this machine sends to every host');
  const recipe = resolveRecipe(given, at, context);
  const declared = [...content.links, ...content.files, ...content.secrets].map(({ path }) => path);
  const { roots, store } = recipe.localisation ?? { roots: [], store: null };
  // Hosts make these.
  const built =
    store !== 'cdb' ? [] : roots.map((one) => (one === '.' ? 'cache/l10n/*.cdb' : `${one}/cache/l10n/*.cdb`));
  return {
    name,
    source: resolve(folder, given.source),
    path: given.path,
    holds: given.transport === 'rsync' ? 'files' : 'git',
    repository: resolve(folder, given.repository ?? join('deploy', `${name}.git`)),
    hosts,
    groups,
    hostPool: resolveHostPool(given, { pools, groups: declaredGroups }, at, context),
    build: {
      // What is declared to lie there otherwise is no part of a version.
      ignore: [
        ...(given.ignore ?? ['/php-*/cache/l10n/*.cdb']),
        ...[...declared, ...built].map((one) => `/${one}`),
      ],
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
    notify: notifyOf(given.notify, [...at, 'notify'], context),
    // Only read from, where hosts leave no pool.
    pools: pools?.services.length === 0 ? null : pools,
    recipe,
    restart:
      given.restart === undefined
        ? null
        : { command: given.restart.command, timeoutMs: given.restart.timeout ?? 60_000 },
  };
}

function poolsOf(
  { pools: given, hosts }: Parsed,
  at: Path,
  context: EtcdAccessContext,
): EnvironmentConfig['pools'] {
  if (given === undefined) return null;
  if ((given.services ?? []).length === 0 && (hosts === undefined || Array.isArray(hosts)))
    context.report.fault(at, 'names no service: give services, which hosts leave while they are switched');
  const access = resolveEtcdAccess(given, at, context);
  if (given.api === 'v2' && Object.values(access).some((one) => one !== null))
    context.report.fault([...at, 'api'], 'a login, ca, cert and key are for api: v3');
  return {
    ...access,
    endpoints: given.etcd,
    api: given.api ?? 'v3',
    prefix: given.prefix ?? '/conftool/v1/pools',
    services: (given.services ?? []).map(({ dc, cluster, service, floor, pybal }) => ({
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

function notifyOf(
  given: Parsed['notify'],
  at: Path,
  { mail, report }: { readonly mail: MailAlerts | null; readonly report: Report },
): EnvironmentConfig['notify'] {
  const to = given?.mail ?? [];
  if (to.length > 0 && mail === null)
    report.fault([...at, 'mail'], 'needs a sender and a server: give alerts.mail');
  const [host = '', port = ''] = given?.irc?.split(':') ?? [];
  return {
    webhook: given?.webhook ?? null,
    irc: given?.irc === undefined ? null : { host, port: Number(port) },
    mail: to.length === 0 || mail === null ? null : { ...mail, to },
  };
}
