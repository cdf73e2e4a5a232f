import { RotaError } from '../core/errors/rota-error.ts';
import { stageBackoffMs } from './back-off.ts';
import type { Check } from './check.ts';
import { classifyError, toFailure } from './classify-error.ts';
import { runCheck } from './run-check.ts';
import type { RunWork } from './run-work.ts';
import type { Stage, StageOutcome } from './stage.ts';
import { openContext } from './stage-context.ts';
import type { StageChange } from './store/run-store.ts';
import { wholeRun } from './store/run-view.ts';

export interface StagePlace {
  readonly position: number;
  readonly stageCount: number;
}

export type StageResult =
  | { readonly state: StageOutcome['state']; readonly reason?: string }
  | { readonly state: 'failed'; readonly error: RotaError }
  /** Stopped from outside; nothing was recorded, the run's ending says why. */
  | { readonly state: 'interrupted'; readonly error: RotaError };

/** How long a stage that was told to stop may take before its process no longer waits for it. */
const settleMs = 5_000;

/** Runs a stage with its checks and tries, and records how it went. The only place where failures are classified. */
export async function runStage<S>(
  work: RunWork<S>,
  stage: Stage<S>,
  place: StagePlace,
): Promise<StageResult> {
  const { store, run, guard, clock, interruption } = work;
  const about = { run: run.id, stage: stage.name, ...place };
  const startMs = clock.monotonicMs();
  const put = (change: StageChange) =>
    store.putStage({ guard, stage: stage.name, position: place.position, change });
  for (let tryNumber = 1; ; tryNumber++) {
    try {
      interruption.stopping.throwIfAborted();
      await put({ state: 'running', tries: tryNumber });
      work.tell({ type: 'stage-started', ...about, at: clock.now(), tryNumber });
      const outcome = await tryStage(work, stage, place);
      if (outcome.state === 'held') await holdWhole(work, outcome.reason);
      const { state } = outcome;
      const reason = 'reason' in outcome ? { reason: outcome.reason } : {};
      const summary = 'summary' in outcome ? { summary: outcome.summary } : {};
      await put({ state, ...reason, ...summary });
      const durationMs = clock.monotonicMs() - startMs;
      work.tell({ type: 'stage-ended', ...about, at: clock.now(), durationMs, state, ...reason, ...summary });
      return { state, ...reason };
    } catch (thrown) {
      // What a stage throws after it was told to stop is the stopping, not a failure of its own.
      const interrupted = interruption.reason;
      if (interrupted !== undefined) return { state: 'interrupted', error: interrupted };
      const error = classifyError(thrown, `Stage ${stage.name} of ${run.id}`);
      // Told by the store before the process itself has looked: the run is another's, or is to be held.
      if (error.code === 'LEASE_LOST' || error.code === 'RUN_HELD') return { state: 'interrupted', error };
      const failure = toFailure(error);
      const mayRetry =
        error.retryable && error.facts.piece === undefined && tryNumber < (stage.retries?.tries ?? 1);
      if (!mayRetry) {
        await put({ state: 'failed', error: failure });
        const durationMs = clock.monotonicMs() - startMs;
        work.tell({
          type: 'stage-ended',
          ...about,
          at: clock.now(),
          state: 'failed',
          error: failure,
          durationMs,
        });
        return { state: 'failed', error };
      }
      const delayMs = stageBackoffMs(tryNumber, stage.retries?.backoffMs ?? 0);
      const retryAt = new Date(clock.now().getTime() + delayMs);
      await put({ state: 'retrying', error: failure, retryAt });
      work.tell({ type: 'stage-retrying', ...about, at: clock.now(), error: failure, retryAt });
      await clock.sleep(delayMs, interruption.stopping).catch(() => {});
    }
  }
}

async function tryStage<S>(work: RunWork<S>, stage: Stage<S>, place: StagePlace): Promise<StageOutcome> {
  const { clock, interruption, run } = work;
  const deadline = new AbortController();
  const finished = new AbortController();
  clock.sleep(stage.deadlineMs, finished.signal).then(
    () =>
      deadline.abort(
        new RotaError(
          'STAGE_DEADLINE',
          `Stage ${stage.name} of ${run.id} took longer than its deadline of ${stage.deadlineMs / 1000} s: look for what it hung on`,
          { facts: { run: run.id, stage: stage.name } },
        ),
      ),
    () => {},
  );
  const signal = AbortSignal.any([interruption.signal, deadline.signal]);
  try {
    await runChecks(work, stage, place, 'before', stage.before?.() ?? [], signal);
    const { context, progress } = openContext(work, stage, signal);
    const outcome = await settled(stage.run(context), signal, work);
    await progress.flush();
    // What came to its end only because it was told to stop is not finished.
    signal.throwIfAborted();
    if (outcome.state === 'done' || outcome.state === 'done-with-errors') {
      await runChecks(work, stage, place, 'after', stage.after?.() ?? [], signal);
    }
    return outcome;
  } catch (error) {
    // The reason for an abort counts, not how the stage choked on it.
    signal.throwIfAborted();
    throw error;
  } finally {
    finished.abort();
    work.groups.killAll();
  }
}

async function runChecks<S>(
  work: RunWork<S>,
  stage: Stage<S>,
  place: StagePlace,
  moment: 'before' | 'after',
  checks: readonly Check[],
  signal: AbortSignal,
): Promise<void> {
  const { run, workspace, log, clock } = work;
  for (const check of checks) {
    const report = await runCheck(check, { run, stage: stage.name, workspace, signal, log }, clock);
    work.tell({
      type: 'check-ended',
      run: run.id,
      stage: stage.name,
      ...place,
      at: clock.now(),
      moment,
      report,
    });
    if (report.ok) continue;
    if (report.severity === 'warn') {
      log.warn({ run: run.id, stage: stage.name, check: check.name, found: report.message }, 'a check warns');
      continue;
    }
    throw new RotaError(
      'CHECK_FAILED',
      `Check ${check.name} ${moment} stage ${stage.name} of ${run.id} failed: ${report.message}`,
      { facts: { run: run.id, stage: stage.name, check: check.name } },
    );
  }
}

/** A stage that returns `held` without having named a set holds the whole run. */
async function holdWhole<S>(work: RunWork<S>, reason: string): Promise<void> {
  const details = await work.store.readRun({ id: work.run.id });
  if (details?.sets.some((set) => set.state === 'held')) return;
  await work.store.holdSet({ guard: work.guard, set: wholeRun, reason });
}

/** The stage's own end; or, when it does not heed the signal, the signal's reason a little later. */
function settled<S>(
  running: Promise<StageOutcome>,
  signal: AbortSignal,
  work: RunWork<S>,
): Promise<StageOutcome> {
  const ended = new AbortController();
  const given = new Promise<never>((_, reject) => {
    const onAbort = () => {
      work.clock.sleep(settleMs, ended.signal).then(
        () => {
          work.log.error(
            { run: work.run.id },
            'a stage does not stop when told to; not waiting for it any longer',
          );
          reject(signal.reason);
        },
        () => {},
      );
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    ended.signal.addEventListener('abort', () => signal.removeEventListener('abort', onAbort), {
      once: true,
    });
  });
  return Promise.race([running, given]).finally(() => ended.abort());
}
