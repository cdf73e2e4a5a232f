import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type * as z from 'zod';
import type { DeclaredGroup, HostPool, TargetHost } from '../environment-config.ts';
import type { PoolSettings } from '../environment-pools-config.ts';
import type { Path } from '../faults/document.ts';
import { addressOf } from '../place-hosts.ts';
import type { environment } from '../schema/environment.ts';
import type { Report } from './report.ts';

type Parsed = z.output<typeof environment>;
type ParsedHost = Extract<Parsed['hosts'], readonly unknown[]>[number];

interface Context {
  readonly folder: string;
  readonly report: Report;
}

/** The hosts that rota.yaml or its file names; none where a pool does. */
export function resolveHosts(given: Parsed, at: Path, { folder, report }: Context): readonly TargetHost[] {
  if (given.hosts !== undefined && given.hostsFile !== undefined) {
    report.fault([...at, 'hostsFile'], 'the hosts stand under hosts, too; give them once');
  }
  if (given.hosts !== undefined && !Array.isArray(given.hosts)) return [];
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

/** The pool that names the hosts; null where rota.yaml or its file does. */
export function resolveHostPool(
  { hosts: given }: Parsed,
  p: { readonly pools: PoolSettings | null; readonly groups: readonly DeclaredGroup[] },
  at: Path,
  { folder, report }: Context,
): HostPool | null {
  if (given === undefined || Array.isArray(given)) return null;
  if (p.pools === null) {
    report.fault([...at, 'hosts', 'pool'], 'hosts from a pool need its etcd: give pools with etcd');
    return null;
  }
  const { endpoints, api, prefix, user, ca, cert, key } = p.pools;
  return {
    access: { endpoints, api, prefix, user, ca, cert, key },
    pools: [given.pool].flat().map((name) => {
      const [dc = '', cluster = '', service = ''] = name.split('/');
      return { dc, cluster, service };
    }),
    address: given.address ?? '{host}',
    folder,
    groups: p.groups,
  };
}

function resolveHost(given: ParsedHost, folder: string): TargetHost {
  const short =
    typeof given === 'string'
      ? { name: undefined, address: given, root: undefined, vars: undefined, rack: undefined }
      : given;
  const { address, root, name } = addressOf(short.address ?? short.name ?? '', folder);
  return {
    name: short.name ?? name,
    address,
    root: short.root ?? root,
    ...(short.vars === undefined ? {} : { vars: short.vars }),
    ...(short.rack === undefined ? {} : { rack: short.rack }),
  };
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
