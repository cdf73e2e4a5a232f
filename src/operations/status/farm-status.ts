import type { FarmConfig } from '../../config/farm-config.ts';
import { nextDueAt } from '../../control/schedule/run-scheduler.ts';
import type { Schedule } from '../../control/schedule/schedule.ts';
import type { Holder } from '../../control/store/lease.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { Failure, Progress, RunView } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';
import { subjectName } from '../../core/ids.ts';
import { silentLog } from '../../core/log.ts';
import type { RunState } from '../../core/run-state.ts';
import { fullDumpName } from '../../jobs/full-dump/index.ts';
import { schedulesOf } from '../schedules.ts';

/** A wiki and its newest run. */
export interface WikiStatus {
  readonly wiki: string;
  readonly job: string;
  /** Undefined while the wiki has no run. */
  readonly run?: string;
  readonly date?: string;
  readonly state: RunState | 'never';
  readonly reason?: string;
  readonly error?: Failure;
  readonly retryAt?: Date;
  readonly progress?: Progress & { readonly stage: string };
  /** Who works on it now. */
  readonly holder?: Holder;
  readonly startedAt?: Date;
  readonly updatedAt?: Date;
  readonly request?: 'pause' | 'cancel';
  readonly nextDueAt?: Date;
}

export interface FarmStatus {
  readonly name: string;
  readonly at: Date;
  readonly wikis: readonly WikiStatus[];
  /** How many wikis are in each state. */
  readonly counts: ReadonlyMap<WikiStatus['state'], number>;
  readonly pauses: readonly { readonly scope: string; readonly at: Date; readonly by: string }[];
  /** Workers have been told to end. */
  readonly exit: boolean;
}

/** What a farm is doing, from the store alone. */
export async function readFarmStatus(p: {
  readonly config: FarmConfig;
  readonly store: RunStore;
  readonly clock: Clock;
  /** Only these wikis; all when left out. */
  readonly wikis?: readonly string[];
}): Promise<FarmStatus> {
  const { config, store, clock } = p;
  const [schedule] = schedulesOf(config).filter(({ job }) => job === fullDumpName);
  const latest = new Map(
    (await store.listLatestRuns({ job: fullDumpName })).map((run) => [run.subject as string, run]),
  );
  const due = dueTimeOf(schedule, p);
  const wikis: WikiStatus[] = [];
  for (const wiki of p.wikis ?? config.wikis.keys()) {
    const next = await due(wiki);
    wikis.push({ ...statusOf(wiki, latest.get(wiki)), ...(next === undefined ? {} : { nextDueAt: next }) });
  }
  const counts = new Map<WikiStatus['state'], number>();
  for (const { state } of wikis) counts.set(state, (counts.get(state) ?? 0) + 1);
  return {
    name: config.name,
    at: clock.now(),
    wikis,
    counts,
    pauses: await store.listPauses(),
    exit: await store.readExit(),
  };
}

/** A cron schedule is due for all wikis at once: it is asked once. */
function dueTimeOf(
  schedule: Schedule | undefined,
  p: { readonly store: RunStore; readonly clock: Clock },
): (wiki: string) => Promise<Date | undefined> {
  if (schedule === undefined) return async () => undefined;
  const tools = { store: p.store, clock: p.clock, log: silentLog };
  const ask = (wiki: string) => nextDueAt(schedule, subjectName(wiki), tools);
  if (schedule.when.kind !== 'cron') return ask;
  let once: Promise<Date | undefined> | undefined;
  return (wiki) => {
    once ??= ask(wiki);
    return once;
  };
}

export function statusOf(wiki: string, run: RunView | undefined): WikiStatus {
  if (run === undefined) return { wiki, job: fullDumpName, state: 'never' };
  const isAlive = run.lease?.alive === true;
  return {
    wiki,
    job: run.job,
    run: run.id,
    date: run.date,
    // Its lease has expired and no monitor has looked yet.
    state: run.state === 'running' && !isAlive ? 'stopped' : run.state,
    updatedAt: run.updatedAt,
    ...(run.reason === undefined ? {} : { reason: run.reason }),
    ...(run.error === undefined ? {} : { error: run.error }),
    ...(run.retryAt === undefined ? {} : { retryAt: run.retryAt }),
    ...(run.progress === undefined || !isAlive ? {} : { progress: run.progress }),
    ...(isAlive && run.lease !== undefined ? { holder: run.lease.holder } : {}),
    ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    ...(run.request === undefined ? {} : { request: run.request }),
  };
}
