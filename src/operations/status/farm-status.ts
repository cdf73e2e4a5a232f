import type { FarmConfig } from '../../config/farm-config.ts';
import { nextDueAt } from '../../control/schedule/run-scheduler.ts';
import type { Schedule } from '../../control/schedule/schedule.ts';
import type { Holder } from '../../control/store/lease.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { Failure, Progress, Request, RunView } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';
import type { Subject } from '../../core/ids.ts';
import { silentLog } from '../../core/log.ts';
import type { RunState } from '../../core/run-state.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';
import { scheduleOf } from '../schedules.ts';
import { type Drain, listDrains, listWorkers, type WorkerPresence } from '../worker/workers.ts';

/** How the newest run of a job for a subject is. */
export interface RunStatus {
  /** Undefined while there is none. */
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
  readonly request?: Request;
  readonly nextDueAt?: Date;
}

/** What a job runs on, and its newest run. */
export interface SubjectStatus extends RunStatus {
  readonly job: string;
  /** `wiki`: what the subject is. */
  readonly kind: string;
  readonly subject: string;
}

export interface FarmStatus {
  readonly name: string;
  readonly at: Date;
  /** By job, then in the order of rota.yaml. */
  readonly subjects: readonly SubjectStatus[];
  /** How many of them are in each state. */
  readonly counts: ReadonlyMap<SubjectStatus['state'], number>;
  readonly pauses: readonly { readonly scope: string; readonly at: Date; readonly by: string }[];
  /** The worker processes that are there, of all hosts. */
  readonly workers: readonly WorkerStatus[];
  readonly drains: readonly Drain[];
  /** Workers have been told to end. */
  readonly exit: boolean;
}

/** What a farm is doing, from the store alone. */
export async function readFarmStatus(p: {
  readonly config: FarmConfig;
  readonly jobs: readonly AnyJob[];
  readonly store: RunStore;
  readonly clock: Clock;
  /** Only these subjects; all when left out. */
  readonly only?: readonly string[];
}): Promise<FarmStatus> {
  const { config, store, clock } = p;
  const subjects: SubjectStatus[] = [];
  for (const job of p.jobs) {
    const latest = new Map((await store.listLatestRuns({ job: job.name })).map((run) => [run.subject, run]));
    // What rota.yaml does not have is shown where something of it has been done.
    const isConfigured = job.settings(config) !== null;
    const due = dueTimeOf(scheduleOf(config, job), p);
    for (const subject of job.subjects(config)) {
      const run = latest.get(subject);
      if (p.only !== undefined && !p.only.includes(subject)) continue;
      if (!isConfigured && run === undefined) continue;
      const next = await due(subject);
      subjects.push({
        ...statusOf(job, subject, run),
        ...(next === undefined ? {} : { nextDueAt: next }),
      });
    }
  }
  const counts = new Map<SubjectStatus['state'], number>();
  for (const { state } of subjects) counts.set(state, (counts.get(state) ?? 0) + 1);
  return {
    name: config.name,
    at: clock.now(),
    subjects,
    counts,
    workers: await readWorkers(store),
    drains: await listDrains(store),
    pauses: await store.listPauses(),
    exit: await store.readExit(),
  };
}

/** A worker with the number of runs of each job that processes on its host work on. */
export interface WorkerStatus extends WorkerPresence {
  readonly running: Readonly<Record<string, number>>;
}

async function readWorkers(store: RunStore): Promise<readonly WorkerStatus[]> {
  const workers = await listWorkers(store);
  if (workers.length === 0) return [];
  const running = await store.listRuns({ states: ['running'], limit: 1_000 });
  return workers.map((worker) => {
    const counts: Record<string, number> = {};
    for (const { job, lease } of running) {
      if (lease?.alive && lease.holder.host === worker.host) counts[job] = (counts[job] ?? 0) + 1;
    }
    return { ...worker, running: counts };
  });
}

/** A cron schedule is due for all subjects at once: it is asked once. */
function dueTimeOf(
  schedule: Schedule | undefined,
  p: { readonly store: RunStore; readonly clock: Clock },
): (subject: Subject) => Promise<Date | undefined> {
  if (schedule === undefined) return async () => undefined;
  const tools = { store: p.store, clock: p.clock, log: silentLog };
  const ask = (subject: Subject) => nextDueAt(schedule, subject, tools);
  if (schedule.when.kind !== 'cron') return ask;
  let once: Promise<Date | undefined> | undefined;
  return (subject) => {
    once ??= ask(subject);
    return once;
  };
}

export function statusOf(
  job: Pick<AnyJob, 'name' | 'subjectKind'>,
  subject: string,
  run: RunView | undefined,
): SubjectStatus {
  const about = { job: job.name, kind: job.subjectKind, subject };
  return run === undefined ? { ...about, state: 'never' } : { ...about, ...runStatus(run) };
}

/** How a run is, as the status of its subject tells it. */
export function runStatus(run: RunView): RunStatus {
  const isAlive = run.lease?.alive === true;
  return {
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
