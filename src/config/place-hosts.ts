import { basename, resolve } from 'node:path';
import type { DeclaredGroup, HostGroup, TargetHost } from './environment-config.ts';

const localPrefix = 'local:';

/** What `user@host`, or `local:` and a folder, means; with the name of such a host. */
export function addressOf(address: string, folder: string): Pick<TargetHost, 'name' | 'address' | 'root'> {
  if (address.startsWith(localPrefix)) {
    const root = resolve(folder, address.slice(localPrefix.length));
    return { name: basename(root), address: { kind: 'local' }, root };
  }
  const name = address.slice(address.indexOf('@') + 1);
  return { name, address: { kind: 'ssh', destination: address }, root: '' };
}

/** Groups with those of the hosts that are in them. */
export function placeGroups(
  declared: readonly DeclaredGroup[],
  hosts: readonly string[],
): readonly HostGroup[] {
  const named = new Set(declared.flatMap((group) => group.hosts ?? []));
  return declared.map(({ hosts: own, failureLimit, ...group }) => {
    const members =
      own === null ? hosts.filter((host) => !named.has(host)) : own.filter((host) => hosts.includes(host));
    return {
      ...group,
      hosts: members,
      // A share is below 1; of whole numbers 0 is the same either way.
      failureLimit: Number.isInteger(failureLimit) ? failureLimit : Math.floor(failureLimit * members.length),
    };
  });
}
