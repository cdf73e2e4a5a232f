import { mkdir } from 'node:fs/promises';
import type { Clock } from '../core/clock.ts';
import { isRotaError, RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { RunId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { isFinished, type RunState } from '../core/run-state.ts';
import { classifyError } from './classify-error.ts';
import { endingOf, exitOf, interruptedEnding } from './end-of-run.ts';
import { Interruption } from './interruption.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { ProcessGroups } from './process-groups.ts';
import type { RunEventListener } from './run-event.ts';
import { runStage, type StageResult } from './run-stage.ts';
import type { RunWork } from './run-work.ts';
import type { Job, Stage } from './stage.ts';
import { defaultLeaseMs, type Holder, type LeaseGuard } from './store/lease.ts';
import type { ClaimedRun, ClaimRules, RunEnding, RunStore } from './store/run-store.ts';
import type { RunView } from './store/run-view.ts';
import { watchRequests } from './watch-requests.ts';

export interface ExecuteRunOptions<S> {
  readonly store: RunStore;
  readonly job: Job<S>;
  readonly runId: RunId;
  readonly services: S;
  readonly holder: Holder;
  /** The private folder of a run and epoch; it is made, mode 0700. Must be another for each epoch. */
  readonly workspaceOf: (run: RunView) => string;
  readonly clock: Clock;
  readonly log: Log;
  /** SIGTERM of this process: what is in hand is brought to an end, the run goes back to the store. */
  readonly signal: AbortSignal;
  readonly onEvent?: RunEventListener;
  /** The lease under which a worker claimed the run for this process; claimed here when left out. */
  readonly inherited?: LeaseGuard;
  readonly rules?: ClaimRules;
  readonly leaseMs?: number;
  /** Only these stages, and what they need; the run is left paused with the rest to do. */
  readonly only?: readonly string[];
  /** This stage and all later ones are done again. Its pieces are kept: another epoch makes new ones. */
  readonly redoFrom?: string;
  /** How long work in hand may go on after a pause or SIGTERM; default 7 s, so that a pause is heeded within 10 s. */
  readonly drainMs?: number;
  /** How often to look for a pause or cancel; default 2 s. */
  readonly lookEveryMs?: number;
}

export interface ExecutedRun {
  /** As the store has it now; after LEASE_LOST another process may be at it. */
  readonly run: RunView;
  readonly exit: ExitStatus;
  readonly error?: RotaError;
}

const noRules: ClaimRules = { slotLimits: {}, resumeWithinMs: {} };

/**
 * Works on one run in this process, from its first unfinished stage to its end. Throws when the run cannot be claimed
 * (RUN_BUSY, RUN_WAITS, RUN_STATE, RUN_UNKNOWN); everything that happens later is in the result.
 */
export async function executeRun<S>(options: ExecuteRunOptions<S>): Promise<ExecutedRun> {
  const { store, job, clock, log } = options;
  const tell = options.onEvent ?? (() => {});
  const sentMonoMs = clock.monotonicMs();
  const claimed = await claim(options);
  const { run, guard } = claimed;
  const groups = new ProcessGroups();
  using interruption = new Interruption(clock, options.drainMs ?? 7_000);
  await using keeper = new LeaseKeeper({
    what: guard.key,
    renew: () => store.renewLease({ guard }),
    leaseMs: claimed.leaseMs,
    grantedMonoMs: sentMonoMs,
    clock,
    log,
  });
  keeper.lost.addEventListener('abort', () => interruption.hard(keeper.lost.reason), { once: true });
  using _requests = watchRequests({
    store,
    run: run.id,
    clock,
    log,
    interruption,
    everyMs: options.lookEveryMs ?? 2_000,
  });
  using _terminated = onAbort(options.signal, () =>
    interruption.soft(
      new RotaError(
        'WORKER_STOPPING',
        `Process ${options.holder.pid} was asked to stop, so ${run.id} was given back`,
      ),
    ),
  );
  const workspace = options.workspaceOf(run);
  const work: RunWork<S> = {
    store,
    run,
    guard,
    leaseMs: claimed.leaseMs,
    holder: options.holder,
    services: options.services,
    workspace,
    clock,
    log,
    keeper,
    interruption,
    groups,
    tell,
  };
  try {
    await mkdir(workspace, { recursive: true, mode: 0o700 });
    const stages = job.stages(run);
    tell({
      type: 'run-started',
      run: run.id,
      at: clock.now(),
      view: run,
      stages: stages.map((stage) => stage.name),
    });
    if (options.redoFrom !== undefined) await redoFrom(work, stages, options.redoFrom);
    const chosen = options.only === undefined ? stages : withNeeds(stages, options.only);
    const results = await runStages(work, stages, new Set(chosen));
    const interrupted = results.find((result) => result.state === 'interrupted');
    if (interrupted?.state === 'interrupted') return await interruptedRun(work, interrupted.error);
    const ending = endingOf(run, job, results, clock);
    const partial = chosen.length < stages.length && isPassed(ending.state);
    return await ended(work, partial ? pausedEnding(run, chosen) : ending, results);
  } catch (thrown) {
    if (interruption.reason !== undefined) return await interruptedRun(work, interruption.reason);
    if (isRotaError(thrown, 'LEASE_LOST')) return await interruptedRun(work, thrown);
    const error = classifyError(thrown, `Run control of ${run.id}`);
    const results: StageResult[] = [{ state: 'failed', error }];
    return await ended(work, endingOf(run, job, results, clock), results);
  } finally {
    groups.killAll();
  }
}

async function claim<S>(options: ExecuteRunOptions<S>): Promise<ClaimedRun> {
  const { store, holder, inherited } = options;
  if (inherited === undefined) {
    return store.claimRun({
      ...(options.rules ?? noRules),
      id: options.runId,
      holder,
      leaseMs: options.leaseMs ?? defaultLeaseMs,
    });
  }
  const claimed = await store.adoptRun({ guard: inherited, holder });
  // Our own time begins with a renewal of our own: when the claim was sent, only its sender knows.
  await store.renewLease({ guard: inherited });
  return claimed;
}

/** In order; after a failure only those go on that do not need what failed. */
async function runStages<S>(
  work: RunWork<S>,
  stages: readonly Stage<S>[],
  chosen: ReadonlySet<Stage<S>>,
): Promise<readonly StageResult[]> {
  const { store, run, tell, clock } = work;
  const before = await store.readRun({ id: run.id });
  const states = new Map<string, RunState>(before?.stages.map((stage) => [stage.name, stage.state]));
  const results: StageResult[] = [];
  for (const [position, stage] of stages.entries()) {
    const place = { position, stageCount: stages.length };
    if (!chosen.has(stage)) continue;
    const state = states.get(stage.name);
    if (state !== undefined && isPassed(state)) {
      tell({ type: 'stage-kept', run: run.id, stage: stage.name, ...place, at: clock.now(), state });
      results.push({ state: state as 'done' });
      continue;
    }
    const needs = stage.needs ?? stages.slice(0, position).map((earlier) => earlier.name);
    const unmet = needs.filter((need) => !isPassed(states.get(need) ?? 'waiting'));
    if (unmet.length > 0) {
      const result = await unmetNeeds(work, stage, position, unmet, results);
      states.set(stage.name, 'waiting');
      if (result !== undefined) results.push(result);
      continue;
    }
    const result = await runStage(work, stage, place);
    results.push(result);
    if (result.state === 'interrupted') break;
    states.set(stage.name, result.state);
  }
  return results;
}

/** The stages of these names and, without end, what they need, in their order. */
export function withNeeds<S>(stages: readonly Stage<S>[], names: readonly string[]): readonly Stage<S>[] {
  const wanted = new Set(names);
  for (const [position, stage] of [...stages.entries()].toReversed()) {
    if (!wanted.has(stage.name)) continue;
    const needs = stage.needs ?? stages.slice(0, position).map((earlier) => earlier.name);
    for (const need of needs) wanted.add(need);
  }
  return stages.filter((stage) => wanted.has(stage.name));
}

async function redoFrom<S>(work: RunWork<S>, stages: readonly Stage<S>[], name: string): Promise<void> {
  const first = stages.findIndex((stage) => stage.name === name);
  for (const [position, stage] of stages.entries()) {
    if (first < 0 || position < first) continue;
    const change = { state: 'waiting', reason: `to be done again from ${name}` } as const;
    await work.store.putStage({ guard: work.guard, stage: stage.name, position, change });
  }
}

function pausedEnding<S>(run: RunView, done: readonly Stage<S>[]): RunEnding {
  const reason = `only ${done.map((stage) => stage.name).join(', ')} was asked for; resume the run for the rest`;
  return { state: 'paused', reason, pausedBy: `run/${run.id}` };
}

/** The stage waits, and the store names for what; that is a failure only if nothing else has failed or is held. */
async function unmetNeeds<S>(
  work: RunWork<S>,
  stage: Stage<S>,
  position: number,
  unmet: readonly string[],
  results: readonly StageResult[],
): Promise<StageResult | undefined> {
  const reason = `needs ${unmet.join(', ')}`;
  await work.store.putStage({
    guard: work.guard,
    stage: stage.name,
    position,
    change: { state: 'waiting', reason },
  });
  if (results.some((result) => result.state === 'failed' || result.state === 'held')) return undefined;
  const error = new RotaError(
    'STAGE_NEED_UNMET',
    `Stage ${stage.name} of ${work.run.id} ${reason}, which is not finished: run that first`,
    { facts: { run: work.run.id, stage: stage.name, needs: unmet } },
  );
  return { state: 'failed', error };
}

function isPassed(state: RunState): boolean {
  return isFinished(state) || state === 'skipped';
}

async function ended<S>(
  work: RunWork<S>,
  ending: Parameters<RunStore['endRun']>[0]['ending'],
  results: readonly StageResult[],
): Promise<ExecutedRun> {
  const failed = results.find((result) => result.state === 'failed');
  const error = failed?.state === 'failed' ? { error: failed.error } : {};
  try {
    const run = await work.store.endRun({ guard: work.guard, ending });
    work.tell({ type: 'run-ended', run: run.id, at: work.clock.now(), view: run });
    return { run, exit: exitOf(run.state, failed?.state === 'failed' ? failed.error : undefined), ...error };
  } catch (thrown) {
    if (isRotaError(thrown, 'LEASE_LOST')) return interruptedRun(work, thrown);
    throw thrown;
  }
}

async function interruptedRun<S>(work: RunWork<S>, error: RotaError): Promise<ExecutedRun> {
  const { store, run, guard, clock, tell } = work;
  tell({ type: 'run-interrupted', run: run.id, at: clock.now(), code: error.code });
  const ending = interruptedEnding(error);
  try {
    // After LEASE_LOST nothing is written: the run is another's.
    const view = ending === undefined ? await lastView(store, run) : await store.endRun({ guard, ending });
    return { run: view, exit: ending === undefined ? exitStatus.failed : error.exit, error };
  } catch (thrown) {
    if (!isRotaError(thrown, 'LEASE_LOST')) throw thrown;
    return { run: await lastView(store, run), exit: exitStatus.failed, error: thrown };
  }
}

/** As the store has it; as we knew it where the store, too, is out of reach: that is why the lease was lost. */
async function lastView(store: RunStore, run: RunView): Promise<RunView> {
  return (await store.readRun({ id: run.id }).catch(() => undefined)) ?? run;
}

function onAbort(signal: AbortSignal, action: () => void): Disposable {
  if (signal.aborted) action();
  else signal.addEventListener('abort', action, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', action) };
}
