import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import { isEnded, isFinished, type RunState } from '../../../core/run-state.ts';
import type { Holder } from '../lease.ts';
import type { Failure } from '../run-view.ts';
import {
  openDates,
  type RunRecord,
  type StageRecord,
  type SubjectRecord,
  type TurnRecord,
} from '../stored-records.ts';
import { keys } from './keys.ts';
import { withDate } from './newest-run.ts';
import type { Transaction } from './transaction.ts';
import { parseEntry } from './views.ts';

/** Who caused a change: a worker with its token, or a person or the monitor in `reason`. */
export interface Cause {
  readonly holder?: Pick<Holder, 'host' | 'pid'> | undefined;
  readonly token?: string | undefined;
  readonly reason?: string | undefined;
}

export interface RunChange extends Cause {
  readonly error?: Failure | undefined;
  readonly retryAt?: Date | undefined;
  readonly heldUntil?: Date | undefined;
  readonly pausedBy?: string | undefined;
}

export async function requireRun(tx: Transaction, id: RunId): Promise<RunRecord> {
  const run = await tx.get<RunRecord>(keys.run(id));
  if (run === undefined) {
    throw new RotaError('RUN_UNKNOWN', `There is no run ${id}: see \`rota run list\``, {
      facts: { run: id },
    });
  }
  return run;
}

export async function requireSubject(
  tx: Transaction,
  run: Pick<RunRecord, 'job' | 'subject'>,
): Promise<SubjectRecord> {
  const subject = await tx.get<SubjectRecord>(keys.subject(run.job, run.subject));
  return subject ?? { job: run.job, subject: run.subject, rank: 0, rankAt: 0, dates: [] };
}

/** The one place where a run changes its state: records the transition and keeps the subject's turn. */
export async function changeRun(
  tx: Transaction,
  before: RunRecord,
  to: RunState,
  change: RunChange = {},
  also: Partial<RunRecord> = {},
): Promise<RunRecord> {
  let run: RunRecord = {
    ...before,
    state: to,
    reason: change.reason,
    error: change.error,
    retryAt: change.retryAt?.getTime(),
    heldUntil: change.heldUntil?.getTime(),
    pausedBy: change.pausedBy,
    request: undefined,
    requestReason: undefined,
    updatedAt: tx.nowMs,
    endedAt: isEnded(to) ? tx.nowMs : undefined,
    progress: to === 'running' ? before.progress : undefined,
    ...also,
  };
  run = recordTransition(tx, run, { from: before.state, to, cause: change });
  if (before.state === 'running' && to !== 'running') run = await leaveStages(tx, run, to, change);
  putRun(tx, before, run);
  const subject = await requireSubject(tx, run);
  const hasEnded = to === 'failed' || to === 'retrying' || isFinished(to);
  putSubject(tx, subject, {
    ...subject,
    ...(hasEnded ? { rank: isFinished(to) ? 2 : 1, rankAt: tx.nowMs } : {}),
    dates: withDate(subject, run),
  });
  return run;
}

/** Writes the run and keeps the indexes of its state and end. */
export function putRun(tx: Transaction, before: RunRecord | undefined, run: RunRecord): void {
  tx.put(keys.run(run.id), run);
  if (before?.epoch !== run.epoch) tx.put(keys.epoch(run.id), run.epoch);
  if (before?.state !== run.state) {
    if (before !== undefined) tx.delete(keys.inState(before.state, before.createdAt, run.id));
    tx.put(keys.inState(run.state, run.createdAt, run.id), run.id);
  }
  if (before?.endedAt !== run.endedAt) {
    if (before?.endedAt !== undefined) tx.delete(keys.ended(before.endedAt, run.id));
    if (run.endedAt !== undefined) tx.put(keys.ended(run.endedAt, run.id), run.id);
  }
}

/** Writes the subject and its place in the order of claims. */
export function putSubject(tx: Transaction, before: SubjectRecord | undefined, subject: SubjectRecord): void {
  tx.put(keys.subject(subject.job, subject.subject), subject);
  const place = (s: SubjectRecord) => keys.turn(s.job, s.rank, s.rankAt, s.subject);
  const open = openDates(subject);
  if (
    before !== undefined &&
    openDates(before).length > 0 &&
    (open.length === 0 || place(before) !== place(subject))
  ) {
    tx.delete(place(before));
  }
  if (open.length > 0) tx.put(place(subject), { subject: subject.subject, open } satisfies TurnRecord);
}

/** A stage that was at work when its run left the worker's hands shares the run's fate, or waits. */
async function leaveStages(tx: Transaction, run: RunRecord, to: RunState, cause: Cause): Promise<RunRecord> {
  const state: RunState = to === 'stopped' || to === 'paused' || to === 'cancelled' ? to : 'waiting';
  let left = run;
  // Only the holder of the run writes its stages, and this ends its hold: comparing the run is enough.
  for (const entry of await tx.list(keys.stagesOf(run.id))) {
    if (!entry.key.startsWith(keys.stagesOf(run.id, run.epoch))) continue;
    const stage = parseEntry<StageRecord>(entry);
    if (stage === undefined || (stage.state !== 'running' && stage.state !== 'retrying')) continue;
    tx.put(entry.key, { ...stage, state } satisfies StageRecord);
    left = recordTransition(tx, left, { stage: stage.name, from: stage.state, to: state, cause });
  }
  return left;
}

/** The run with the number of its new transition; the caller writes it. */
export function recordTransition(
  tx: Transaction,
  run: RunRecord,
  p: {
    readonly stage?: string;
    readonly from?: RunState | undefined;
    readonly to: RunState;
    readonly cause: Cause;
  },
): RunRecord {
  const transitions = run.transitions + 1;
  tx.put(keys.transition(run.id, transitions), {
    at: tx.nowMs,
    epoch: run.epoch,
    stage: p.stage,
    from: p.from,
    to: p.to,
    host: p.cause.holder?.host,
    pid: p.cause.holder?.pid,
    token: p.cause.token,
    reason: p.cause.reason,
  });
  return { ...run, transitions };
}
