import { isRotaError } from '../core/errors/rota-error.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { ProgressReporter } from './report-progress.ts';
import type { RunWork } from './run-work.ts';
import type { Stage, StageContext } from './stage.ts';
import { StagePieces } from './stage-pieces.ts';
import type { LeaseGuard } from './store/lease.ts';
import type { RunStore } from './store/run-store.ts';
import type { RunDetails } from './store/run-view.ts';

const lookAgainMs = 1_000;
const defaultRetries = { tries: 1, backoffMs: 0 };

export interface OpenContext<S> {
  readonly context: StageContext<S>;
  readonly progress: ProgressReporter;
}

/** What one try of a stage sees of the run. `signal` is the run's, ended by the stage's deadline as well. */
export function openContext<S>(work: RunWork<S>, stage: Stage<S>, signal: AbortSignal): OpenContext<S> {
  const { store, run, guard, clock, log } = work;
  const progress = new ProgressReporter({
    clock,
    log,
    tell: (value) =>
      work.tell({ type: 'progress', run: run.id, stage: stage.name, at: clock.now(), progress: value }),
    put: (value) => store.putProgress({ guard, stage: stage.name, progress: value }),
  });
  const details = async (): Promise<RunDetails | undefined> => store.readRun({ id: run.id });
  const context: StageContext<S> = {
    run,
    services: work.services,
    token: guard.token,
    workspace: work.workspace,
    signal,
    stopping: work.interruption.stopping,
    log,
    clock,
    pieces: stagePieces(
      work,
      stage,
      signal,
      () => context,
      async (pieces) => {
        await store.definePieces({ guard, stage: stage.name, pieces });
        await store.reopenPieces({ guard, stage: stage.name });
      },
    ),
    progress: (value) => progress.report(value),
    assertTrusted: () => work.keeper.assertTrusted(),
    assertCurrent: async () => {
      work.keeper.assertTrusted();
      await store.assertLease({ guard });
    },
    commitPointer: (key, value) => store.commitPointer({ key, value, guard }),
    readPointer: (key) => store.readPointer({ key }),
    summaryOf: async (name) => (await details())?.stages.find((other) => other.name === name)?.summary,
    holdSet: (set, reason) => store.holdSet({ guard, set, reason }),
    approvals: async () => new Map((await details())?.sets.map((set) => [set.set, set.state])),
    ownProcessGroup: (pgid) => work.groups.own(pgid, signal),
    withLease: (key, action) => withLease(work, signal, key, action),
  };
  return { context, progress };
}

/** The pieces of a stage for a process that works on them: the run's own, or one that helps it. */
export function stagePieces<S>(
  work: Omit<RunWork<S>, 'guard' | 'keeper' | 'groups'>,
  stage: Stage<S>,
  signal: AbortSignal,
  context: () => StageContext<S>,
  define: ConstructorParameters<typeof StagePieces>[0]['define'],
): StagePieces {
  const { runPiece } = stage;
  return new StagePieces({
    store: work.store,
    scope: { run: work.run.id, epoch: work.run.epoch, stage: stage.name },
    holder: work.holder,
    leaseMs: work.leaseMs,
    workspace: work.workspace,
    clock: work.clock,
    log: work.log,
    signal,
    stopping: work.interruption.stopping,
    concurrency: stage.pieceConcurrency ?? 1,
    retries: stage.retries ?? defaultRetries,
    tell: work.tell,
    define,
    runPiece: runPiece === undefined ? undefined : (piece) => runPiece.call(stage, context(), piece),
  });
}

/** Waits for a lease, keeps it while the action runs, and gives it back. */
async function withLease<S, T>(
  work: RunWork<S>,
  signal: AbortSignal,
  key: string,
  action: (lease: LeaseGuard) => Promise<T>,
): Promise<T> {
  const { store, clock, log, holder, leaseMs } = work;
  const { guard, sentMonoMs } = await waitForLease(work, signal, key);
  await using keeper = new LeaseKeeper({
    what: key,
    renew: () => store.renewLease({ guard }),
    leaseMs,
    grantedMonoMs: sentMonoMs,
    clock,
    log,
  });
  try {
    const result = await action(guard);
    keeper.assertTrusted();
    return result;
  } finally {
    await release(store, guard).catch((error) =>
      log.warn({ err: error, lease: key, holder }, 'a lease was not released'),
    );
  }
}

async function waitForLease<S>(work: RunWork<S>, signal: AbortSignal, key: string) {
  for (;;) {
    signal.throwIfAborted();
    const sentMonoMs = work.clock.monotonicMs();
    try {
      const guard = await work.store.acquireLease({ key, holder: work.holder, leaseMs: work.leaseMs });
      return { guard, sentMonoMs };
    } catch (error) {
      if (!isRotaError(error, 'LEASE_HELD')) throw error;
      work.log.info({ lease: key, reason: error.message }, 'waiting for a lease');
      await work.clock.sleep(lookAgainMs, signal);
    }
  }
}

function release(store: RunStore, guard: LeaseGuard): Promise<void> {
  return store.releaseLease({ guard });
}
