import type { Clock } from '../../core/clock.ts';
import type { JobName } from '../../core/ids.ts';
import type { RunStore } from '../store/run-store.ts';
import type { RunView } from '../store/run-view.ts';
import type { Alert } from './alert.ts';

/** Older events are not told by a monitor that starts late. */
const alertWithinMs = 7 * 24 * 3_600_000;
const unfinished = ['waiting', 'running', 'paused', 'retrying', 'held', 'stopped', 'failed'] as const;

/** A disk (or its inodes) that is too full. */
export interface DiskWarning {
  readonly path: string;
  readonly text: string;
}

export interface WatchedJob {
  readonly name: JobName;
  /** A run that is not finished this long after it was due raises an alert; never when left out. */
  readonly overdueAfterMs?: number;
}

/** What operators should know now: the same event has the same key each time. */
export async function findAlerts(p: {
  readonly store: RunStore;
  readonly jobs: readonly WatchedJob[];
  readonly clock: Clock;
  readonly disks: readonly DiskWarning[];
}): Promise<readonly Alert[]> {
  const now = p.clock.now();
  const updatedSince = new Date(now.getTime() - alertWithinMs);
  const ended = await p.store.listRuns({ states: ['failed', 'held'], updatedSince, limit: 1_000 });
  const alerts = ended.map((run) => (run.state === 'held' ? heldAlert(run, now) : failedAlert(run, now)));
  // A run whose worker died is taken up again soon: only its last transition tells of it, and of that once.
  const stopped = await p.store.listRuns({ states: ['stopped'], updatedSince, limit: 1_000 });
  alerts.push(...stopped.map((run) => stoppedAlert(run, now)));
  for (const job of p.jobs) {
    const { overdueAfterMs } = job;
    if (overdueAfterMs === undefined) continue;
    const runs = await p.store.listRuns({ job: job.name, states: unfinished, limit: 10_000 });
    for (const run of runs) {
      const overdueMs = now.getTime() - run.dueAt.getTime() - overdueAfterMs;
      if (overdueMs > 0 && overdueMs < alertWithinMs) alerts.push(overdueAlert(run, now));
    }
  }
  for (const disk of p.disks) {
    // Once a day for as long as it lasts.
    const key = `disk/${now.toISOString().slice(0, 10)}/${disk.path}`;
    alerts.push({ key, kind: 'disk', title: `disk: ${disk.path}`, text: disk.text, at: now });
  }
  return alerts;
}

function failedAlert(run: RunView, now: Date): Alert {
  const error = run.error === undefined ? (run.reason ?? '') : `${run.error.code}: ${run.error.message}`;
  return {
    key: `failed/${run.id}/${run.epoch}/${run.endedAt?.getTime() ?? 0}`,
    kind: 'failed',
    title: `${run.id} failed`,
    text: `${run.id} failed: ${error}\nSee \`rota run show ${run.id}\`; \`rota run resume ${run.id}\` takes it up again.`,
    at: now,
    run: run.id,
  };
}

function stoppedAlert(run: RunView, now: Date): Alert {
  const holder = run.holder === undefined ? '' : ` (process ${run.holder.pid} on ${run.holder.host})`;
  return {
    key: `stopped/${run.id}/${run.epoch}/${run.updatedAt.getTime()}`,
    kind: 'stopped',
    title: `the worker of ${run.id} died`,
    text: `The process that worked on ${run.id}${holder} is gone; the next free worker goes on where it stopped.\nSee \`rota why ${run.id}\`.`,
    at: now,
    run: run.id,
  };
}

function heldAlert(run: RunView, now: Date): Alert {
  const until =
    run.heldUntil === undefined ? '' : ` It fails if nobody has by ${run.heldUntil.toISOString()}.`;
  return {
    key: `held/${run.id}/${run.epoch}/${run.updatedAt.getTime()}`,
    kind: 'held',
    title: `${run.id} waits for approval`,
    text: `${run.id} is held: ${run.reason ?? ''}\nSee \`rota run show ${run.id}\`, then \`rota run approve ${run.id}\` or \`rota run reject ${run.id}\`.${until}`,
    at: now,
    run: run.id,
  };
}

function overdueAlert(run: RunView, now: Date): Alert {
  return {
    key: `overdue/${run.id}/${run.epoch}`,
    kind: 'overdue',
    title: `${run.id} is overdue`,
    text: `${run.id} was due at ${run.dueAt.toISOString()} and is ${run.state}.\nSee \`rota why ${run.id}\`.`,
    at: now,
    run: run.id,
  };
}
