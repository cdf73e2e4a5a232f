import type { Clock } from '../core/clock.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import type { RunId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { Interruption } from './interruption.ts';
import type { RunEventListener } from './run-event.ts';
import type { Job, StageContext } from './stage.ts';
import { stagePieces } from './stage-context.ts';
import type { StagePieces } from './stage-pieces.ts';
import { defaultLeaseMs, type Holder } from './store/lease.ts';
import type { RunStore } from './store/run-store.ts';
import type { RunDetails } from './store/run-view.ts';
import { watchRequests } from './watch-requests.ts';

export interface HelpRunOptions<S> {
  readonly store: RunStore;
  readonly job: Job<S>;
  readonly runId: RunId;
  readonly services: S;
  readonly holder: Holder;
  /** The same folder as the run's own process has. */
  readonly workspaceOf: (run: RunDetails) => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onEvent?: RunEventListener;
  readonly leaseMs?: number;
  readonly drainMs?: number;
}

const lookAgainMs = 1_000;

/**
 * Works on pieces of a run that another process coordinates, until the run is no longer running. Each piece has a lease
 * of its own, so a helper needs none of the run's: it may write pieces and nothing else.
 */
export async function helpRun<S>(options: HelpRunOptions<S>): Promise<void> {
  const { store, job, clock, log, signal, holder } = options;
  using interruption = new Interruption(clock, options.drainMs ?? 7_000);
  using _requests = watchRequests({ store, run: options.runId, clock, log, interruption, everyMs: 2_000 });
  const onSignal = () =>
    interruption.soft(
      new RotaError('WORKER_STOPPING', `Process ${holder.pid} was asked to stop helping ${options.runId}`),
    );
  if (signal.aborted) onSignal();
  signal.addEventListener('abort', onSignal, { once: true });
  try {
    while (!interruption.stopping.aborted) {
      const run = await store.readRun({ id: options.runId });
      if (run === undefined || run.state !== 'running') return;
      const running = run.stages.find((stage) => stage.state === 'running')?.name;
      const stage = job.stages(run).find((candidate) => candidate.name === running);
      if (stage?.runPiece !== undefined) {
        const work = {
          store,
          run,
          leaseMs: options.leaseMs ?? defaultLeaseMs,
          holder,
          services: options.services,
          workspace: options.workspaceOf(run),
          clock,
          log,
          interruption,
          tell: options.onEvent ?? (() => {}),
        };
        const context = helperContext<S>(work, stage.name);
        const refuse = () => Promise.reject(notForHelpers('pieces.define'));
        const pieces: StagePieces = stagePieces(
          work,
          stage,
          interruption.signal,
          () => ({ ...context, pieces }),
          refuse,
        );
        // A failure is recorded with the piece: what it means for the run, its own process decides.
        await pieces
          .runAll()
          .catch((error) => log.info({ err: error, run: run.id }, 'helping came to an end'));
      }
      await clock.sleep(lookAgainMs, interruption.stopping).catch(() => {});
    }
  } finally {
    signal.removeEventListener('abort', onSignal);
  }
}

type HelperWork<S> = Omit<Parameters<typeof stagePieces<S>>[0], 'interruption'> & {
  readonly interruption: Interruption;
};

/** What runPiece sees in a helper: it may read, and work in the workspace; the run's own writes are refused. */
function helperContext<S>(work: HelperWork<S>, stage: string): Omit<StageContext<S>, 'pieces'> {
  const { store, run, clock, log, interruption } = work;
  const refuse = (what: string) => () => Promise.reject(notForHelpers(what));
  const details = () => store.readRun({ id: run.id });
  return {
    run,
    services: work.services,
    token: '',
    workspace: work.workspace,
    signal: interruption.signal,
    stopping: interruption.stopping,
    log,
    clock,
    progress: (progress) => work.tell({ type: 'progress', run: run.id, stage, at: clock.now(), progress }),
    assertTrusted: () => {
      throw notForHelpers('assertTrusted');
    },
    assertCurrent: refuse('assertCurrent'),
    commitPointer: refuse('commitPointer'),
    readPointer: (key) => store.readPointer({ key }),
    summaryOf: async (name) => (await details())?.stages.find((other) => other.name === name)?.summary,
    holdSet: refuse('holdSet'),
    approvals: async () => new Map((await details())?.sets.map((set) => [set.set, set.state])),
    ownProcessGroup: () => ({ [Symbol.dispose]() {} }),
    withLease: refuse('withLease'),
  };
}

function notForHelpers(what: string): RotaError {
  return new RotaError(
    'INTERNAL',
    `runPiece used ${what}, which only the run's own process may: it must work on its piece alone`,
  );
}
