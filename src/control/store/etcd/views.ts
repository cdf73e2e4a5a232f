import type { LeaseView } from '../lease.ts';
import type { RunDetails, RunView, StageView } from '../run-view.ts';
import {
  type FenceRecord,
  fromHolderRecord,
  type RunRecord,
  type RunRest,
  type StageRecord,
} from '../stored-records.ts';
import type { Connection, Entry } from './connection.ts';
import { keys } from './keys.ts';

/** Leaves out what is undefined, as `exactOptionalPropertyTypes` wants it. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as never;
}

export function toDate(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

export function parseEntry<T>(entry: Entry | undefined): T | undefined {
  return entry === undefined ? undefined : JSON.parse(entry.value);
}

/** A lease as it stands now; undefined when it was given back. */
export async function readLease(db: Connection, key: string): Promise<LeaseView | undefined> {
  return (await readLeases(db, [key])).get(key);
}

export async function readLeases(
  db: Connection,
  leaseKeys: readonly string[],
): Promise<ReadonlyMap<string, LeaseView>> {
  if (leaseKeys.length === 0) return new Map();
  const reads = leaseKeys.flatMap((key) => [{ key: keys.fence(key) }, { key: keys.lease(key) }]);
  const views = new Map<string, LeaseView>();
  for (let from = 0; from < reads.length; from += 100) {
    const { entries } = await db.read(reads.slice(from, from + 100));
    await Promise.all(
      leaseKeys.slice(from / 2, from / 2 + 50).map(async (key, i) => {
        const fence = parseEntry<FenceRecord>(entries[2 * i]?.[0]);
        const view =
          fence === undefined ? undefined : await toLeaseView(db, key, fence, entries[2 * i + 1]?.[0]);
        if (view !== undefined) views.set(key, view);
      }),
    );
  }
  return views;
}

async function toLeaseView(
  db: Connection,
  key: string,
  fence: FenceRecord,
  bound: Entry | undefined,
): Promise<LeaseView | undefined> {
  if (fence.token === undefined || fence.holder === undefined) return undefined;
  const leaseMs = fence.leaseMs ?? 0;
  const isBound = bound?.lease !== undefined && JSON.parse(bound.value) === fence.token;
  const left = isBound && bound.lease !== undefined ? await db.leases.timeLeft(bound.lease) : undefined;
  // etcd counts the seconds that it granted, which are at least what was asked for.
  const sinceRenewalMs = left === undefined ? leaseMs : Math.max(0, left.grantedMs - left.leftMs);
  return {
    key,
    token: fence.token,
    holder: fromHolderRecord(fence.holder),
    sinceAt: new Date(fence.sinceAt ?? 0),
    renewedAt: new Date(db.nowMs - sinceRenewalMs),
    leaseMs,
    expiresInMs: left?.leftMs ?? -1,
    sinceRenewalMs,
    alive: left !== undefined,
  };
}

export function toRunView(run: RunRecord, lease?: LeaseView): RunView {
  const view = makeRunView(run, run, run);
  return lease === undefined ? view : { ...view, lease };
}

/** Field by field, and without spreading: this is done for 10,000 runs at once, by processes that have just begun. */
export function makeRunView(
  about: Pick<RunRecord, 'id' | 'job' | 'subject' | 'date'>,
  date: Pick<RunRecord, 'state' | 'dueAt' | 'retryAt'>,
  rest: RunRest,
): RunView {
  const view: { -readonly [K in keyof RunView]: RunView[K] } = {
    id: about.id,
    job: about.job,
    subject: about.subject,
    date: about.date,
    epoch: rest.epoch,
    state: date.state,
    tries: rest.tries,
    stops: rest.stops,
    parameters: rest.parameters,
    needs: rest.needs,
    slots: rest.slots,
    dueAt: new Date(date.dueAt),
    createdAt: new Date(rest.createdAt),
    updatedAt: new Date(rest.updatedAt),
  };
  const { progress, holder } = rest;
  if (rest.reason !== undefined) view.reason = rest.reason;
  if (rest.error !== undefined) view.error = rest.error;
  if (date.retryAt !== undefined) view.retryAt = new Date(date.retryAt);
  if (rest.heldUntil !== undefined) view.heldUntil = new Date(rest.heldUntil);
  if (rest.request !== undefined) view.request = rest.request;
  if (progress !== undefined) view.progress = { ...progress, at: new Date(progress.at) };
  if (holder !== undefined) view.holder = fromHolderRecord(holder);
  if (rest.startedAt !== undefined) view.startedAt = new Date(rest.startedAt);
  if (rest.endedAt !== undefined) view.endedAt = new Date(rest.endedAt);
  return view;
}

/** Runs with the leases of those that are worked on. */
export async function toRunViews(db: Connection, runs: readonly RunRecord[]): Promise<readonly RunView[]> {
  const leaseKey = (run: RunRecord) => `run/${run.id}`;
  const leases = await readLeases(db, runs.filter((run) => run.state === 'running').map(leaseKey));
  return runs.map((run) => toRunView(run, leases.get(leaseKey(run))));
}

export function toRunDetails(view: RunView, run: RunRecord, stages: readonly StageRecord[]): RunDetails {
  const byPosition = [...stages].sort(
    (a, b) =>
      a.position - b.position || (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.name < b.name ? -1 : 1),
  );
  return {
    ...view,
    stages: byPosition.map(toStageView),
    sets: [...run.sets]
      .sort((a, b) => (a.set < b.set ? -1 : 1))
      .map((set) => defined({ ...set, at: new Date(set.at) })),
  };
}

function toStageView(stage: StageRecord): StageView {
  return defined({
    ...stage,
    retryAt: toDate(stage.retryAt),
    startedAt: toDate(stage.startedAt),
    endedAt: toDate(stage.endedAt),
  }) as StageView;
}
