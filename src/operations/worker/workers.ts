import { forgetPointers } from '../../control/forget-pointers.ts';
import { holdLease, type LeaseTools } from '../../control/hold-lease.ts';
import type { Holder } from '../../control/store/lease.ts';
import type { RunStore } from '../../control/store/run-store.ts';

/** A worker process that is there now. */
export interface WorkerPresence {
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: Date;
  /** Runs of each job that it works on at once. */
  readonly slots: Readonly<Record<string, number>>;
}

/** A host whose workers begin nothing new. */
export interface Drain {
  readonly host: string;
  readonly by: string;
  readonly at: Date;
}

export const workerKey = (holder: Pick<Holder, 'host' | 'pid'>) => `worker/${holder.host}/${holder.pid}/`;
/** With a slash at the end: no key is the beginning of another host's or process's. */
const drainKey = (host: string) => `drain/${host}/`;

/** What a worker says of itself in the store. */
interface PresenceRecord {
  readonly version: string;
  readonly startedAt: number;
  readonly slots: Readonly<Record<string, number>>;
}

export function presenceRecord(holder: Holder, slots: ReadonlyMap<string, number>): PresenceRecord {
  return {
    version: holder.version ?? '0',
    startedAt: holder.startedAt.getTime(),
    slots: Object.fromEntries(slots),
  };
}

/** By host, then process. A worker is there while its lease is alive. */
export async function listWorkers(
  store: Pick<RunStore, 'listPointers' | 'readLease'>,
): Promise<readonly WorkerPresence[]> {
  const pointers = await store.listPointers({ prefix: 'worker/' });
  const found = await Promise.all(
    pointers.map(async ({ key, value }): Promise<WorkerPresence | null> => {
      const [, host, pid] = key.split('/');
      if (value === null || host === undefined || !(await store.readLease({ key }))?.alive) return null;
      const { version, startedAt, slots } = value as PresenceRecord;
      return { host, pid: Number(pid), version, startedAt: new Date(startedAt), slots };
    }),
  );
  return found
    .filter((worker) => worker !== null)
    .sort((a, b) => (a.host === b.host ? a.pid - b.pid : a.host < b.host ? -1 : 1));
}

export async function listDrains(store: Pick<RunStore, 'listPointers'>): Promise<readonly Drain[]> {
  const pointers = await store.listPointers({ prefix: 'drain/' });
  return pointers.flatMap(({ key, value }) => {
    if (value === null) return [];
    const { by, at } = value as { readonly by: string; readonly at: number };
    return [{ host: key.split('/')[1] ?? '', by, at: new Date(at) }];
  });
}

/** Workers of the host begin nothing new, also those that start later, until it is undrained. */
export async function drainHost(tools: LeaseTools, host: string, by: string): Promise<void> {
  const key = drainKey(host);
  await holdLease(tools, key, (guard) =>
    tools.store.commitPointer({ key, value: { by, at: tools.clock.now().getTime() }, guard }),
  );
}

export async function undrainHost(tools: LeaseTools, host: string): Promise<void> {
  const key = drainKey(host);
  await holdLease(tools, key, (guard) => forgetPointers(tools, guard, key));
}

/**
 * Below zero when a's series is older. Versions of one series (0.3.x; from 1.0 on 1.x) work side by side; of two series
 * the older stands aside, because it may not know what the newer writes.
 */
export function compareSeries(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  if (majorA !== majorB) return majorA - majorB;
  return majorA === 0 ? minorA - minorB : 0;
}
