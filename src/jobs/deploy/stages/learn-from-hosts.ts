import type { HostGroup } from '../../../config/environment-config.ts';
import type { RunRecord } from '../fleet/run-record.ts';
import type { HeldEntry, PoolJournal } from '../pools/pool-journal.ts';
import type { LastDeployment } from '../target/programs/adopt.ts';
import type { Observation } from '../target/programs/observe.ts';

/** A host as it was taken over. */
export interface Taken extends Pick<Observation, 'current' | 'previous' | 'slots' | 'commits'> {
  readonly host: string;
  readonly last: LastDeployment;
}

interface Named {
  readonly name: string;
  readonly commit: string;
}

/** What hosts tell of an environment whose run store is lost. */
export interface Learnt {
  readonly live: Named | null;
  readonly previous: Named | null;
  /** Hosts that do not serve what they should, and why. */
  readonly owing: Readonly<Record<string, string>>;
  /** The deployment that did not come to its end. */
  readonly underWay: RunRecord | null;
  /** Entries of pools that deployments may have changed and not changed back. */
  readonly claims: PoolJournal;
}

/**
 * The newest deployment that any host knows tells what is live: its own version where it came to its end or to some hosts, else
 * what was live before. Without such a record, what most hosts serve is.
 */
export function learnFromHosts(
  seen: readonly Taken[],
  groups: readonly Pick<HostGroup, 'name' | 'hosts'>[],
): Learnt {
  const newest = newestOf(seen);
  const claims = claimsOf(seen, newest);
  const commonly = commonest(seen.map((one) => nameOf(one, one.current)));
  const before = (...others: readonly (string | undefined)[]) =>
    commonest(
      seen.map((one) => nameOf(one, one.previous)).filter((one) => one && !others.includes(one.commit)),
    );
  if (newest === null) {
    return { live: commonly, previous: before(commonly?.commit), owing: {}, underWay: null, claims };
  }
  const of = (one: Taken) => one.last.record?.run === newest.run;
  const serves = (one: Taken, commit: string | undefined) => nameOf(one, one.current)?.commit === commit;
  const wanted = newest.parameters.groups;
  const scope = seen.filter(
    ({ host }) =>
      (newest.parameters.hosts?.includes(host) ?? true) &&
      (wanted === undefined ||
        groups.some((group) => wanted.includes(group.name) && group.hosts.includes(host))),
  );
  const ended = seen.some((one) => of(one) && one.last.ended);
  const takenBack = seen.some(
    (one) => of(one) && one.last.switchedBy === newest.run && !serves(one, newest.commit),
  );
  const arrived = scope.some((one) => serves(one, newest.commit));
  const itself = { name: newest.version, commit: newest.commit };
  const was = newest.live === null ? null : { name: newest.live.version, commit: newest.live.commit };
  const goesToAll = wanted === undefined && !takenBack && (ended || arrived);
  const live = goesToAll ? itself : (was ?? commonly);
  const previous =
    goesToAll && was !== null && was.commit !== live?.commit ? was : before(live?.commit, newest.commit);
  const underWay = ended || takenBack ? null : newest;
  const owing = seen
    .filter((one) => !serves(one, live?.commit) && !(wanted !== undefined && serves(one, newest.commit)))
    .map((one) => [
      one.host,
      underWay === null ? 'it serves something else' : `${newest.run} had not come to it`,
    ]);
  return { live, previous, owing: Object.fromEntries(owing), underWay, claims };
}

function newestOf(seen: readonly Taken[]): RunRecord | null {
  return seen.reduce<RunRecord | null>((best, { last: { record } }) => {
    if (record === null) return best;
    return best === null || record.at > best.at ? record : best;
  }, null);
}

/** A host knows of itself what was not brought to its end; of those that took no part, the newest deployment does. */
function claimsOf(seen: readonly Taken[], newest: RunRecord | null): PoolJournal {
  const claims: Record<string, readonly HeldEntry[]> = {};
  for (const { last } of seen) {
    if (last.record?.run === newest?.run) Object.assign(claims, last.record?.pools);
  }
  for (const { host, last } of seen) {
    const own = last.record?.pools[host];
    if (last.ended || own === undefined) delete claims[host];
    else claims[host] = own;
  }
  return claims;
}

function nameOf(seen: Taken, slot: string | null): Named | null {
  const commit = slot === null ? undefined : seen.slots.get(slot);
  const name = commit === undefined ? undefined : seen.commits.get(commit);
  return commit === undefined || name === undefined ? null : { name, commit };
}

function commonest(values: readonly (Named | null)[]): Named | null {
  const counts = new Map<string, { readonly value: Named; count: number }>();
  for (const value of values) {
    if (value === null) continue;
    const entry = counts.get(value.commit) ?? { value, count: 0 };
    entry.count++;
    counts.set(value.commit, entry);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.value ?? null;
}
