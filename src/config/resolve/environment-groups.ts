import type * as z from 'zod';
import { nearest } from '../../core/nearest.ts';
import type { DeclaredGroup, HostGroup, TargetHost } from '../environment-config.ts';
import type { Path } from '../faults/document.ts';
import { placeGroups } from '../place-hosts.ts';
import type { environment } from '../schema/environment.ts';
import type { Report } from './report.ts';

type Parsed = z.output<typeof environment>;

/** Groups as they are declared, and with their hosts as far as rota.yaml knows these. */
export function resolveGroups(
  { groups: given, hosts: givenHosts }: Parsed,
  hosts: readonly TargetHost[],
  at: Path,
  report: Report,
): { readonly declared: readonly DeclaredGroup[]; readonly groups: readonly HostGroup[] } {
  const isFromPool = givenHosts !== undefined && !Array.isArray(givenHosts);
  const names = hosts.map((host) => host.name);
  const parsed: NonNullable<Parsed['groups']> = given ?? [{ name: 'all' }];
  const placed = new Map<string, string>();
  for (const [i, group] of parsed.entries()) {
    for (const host of group.hosts ?? []) {
      if (!isFromPool && !names.includes(host))
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
  if (open.length === 0 && isFromPool)
    report.fault(at, 'hosts come from a pool: one group must leave out its hosts and have the rest');
  if (new Set(parsed.map((group) => group.name)).size !== parsed.length)
    report.fault(at, 'two groups have the same name');
  const declared = parsed.map((group, i): DeclaredGroup => {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$/.test(group.name)) {
      report.fault([...at, i, 'name'], 'a group is called by letters, digits, "_" and "-"');
    }
    return {
      name: group.name,
      hosts: group.hosts ?? null,
      batch: group.batch ?? 20,
      failureLimit: group.failureLimit ?? 0,
      onFailure: group.onFailure ?? 'rollback',
      soakMs: group.soak ?? 0,
      asks: group.pause === 'ask',
      pauseMs: typeof group.pause === 'number' ? group.pause : 0,
    };
  });
  return { declared, groups: placeGroups(declared, names) };
}
