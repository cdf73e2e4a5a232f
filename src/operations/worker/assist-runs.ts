import type { RunChild } from '../../control/run-worker.ts';
import type { Holder } from '../../control/store/lease.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { RunView } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';
import type { JobName, RunId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';

/** Whose runs an idle worker helps: those of other hosts (a run uses all cores of its own), of any, or none. */
export type Assistance = 'other-hosts' | 'any' | 'none';
export const assistances: readonly Assistance[] = ['other-hosts', 'any', 'none'];

export interface AssistOptions {
  readonly store: RunStore;
  readonly jobs: readonly JobName[];
  readonly assistance: Assistance;
  readonly spawnAssistant: (run: RunId) => RunChild;
  readonly holder: Holder;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** No run of its own is in hand. */
  readonly isIdle: () => boolean;
  /** Aborts when the worker claims a run: its own work goes first. */
  readonly claimed: () => AbortSignal;
  readonly onEvent: (
    event:
      | { readonly type: 'assisting'; readonly run: RunId; readonly pid: number | undefined }
      | { readonly type: 'assisted'; readonly run: RunId },
  ) => void;
}

const lookEveryMs = 5_000;

/** Lends an idle worker to a run that another process coordinates, one at a time, for as long as it has open pieces. */
export async function assistRuns(options: AssistOptions): Promise<void> {
  const { clock, signal, log } = options;
  if (options.assistance === 'none') return;
  while (!signal.aborted) {
    await clock.sleep(lookEveryMs, signal).catch(() => {});
    if (signal.aborted || !options.isIdle()) continue;
    try {
      const run = await findRunToAssist(options);
      if (run !== undefined) await assist(options, run);
    } catch (error) {
      log.warn({ err: error }, 'looking for a run to help failed; trying again');
    }
  }
}

async function assist(options: AssistOptions, run: RunView): Promise<void> {
  const claimed = options.claimed();
  if (claimed.aborted || options.signal.aborted) return;
  const child = options.spawnAssistant(run.id);
  options.onEvent({ type: 'assisting', run: run.id, pid: child.pid });
  const stop = () => child.kill('SIGTERM');
  const either = AbortSignal.any([options.signal, claimed]);
  either.addEventListener('abort', stop, { once: true });
  await child.exited;
  either.removeEventListener('abort', stop);
  options.onEvent({ type: 'assisted', run: run.id });
}

/** The first running run with a piece that nobody works on. */
export async function findRunToAssist(
  p: Pick<AssistOptions, 'store' | 'jobs' | 'assistance' | 'holder'>,
): Promise<RunView | undefined> {
  const running = await p.store.listRuns({ states: ['running'], limit: 1_000 });
  for (const run of running) {
    const { lease } = run;
    if (!p.jobs.includes(run.job) || lease?.alive !== true || run.request !== undefined) continue;
    if (p.assistance === 'other-hosts' && lease.holder.host === p.holder.host) continue;
    const stage = (await p.store.readRun({ id: run.id }))?.stages.find((s) => s.state === 'running');
    if (stage === undefined) continue;
    const pieces = await p.store.listPieces({ run: run.id, epoch: run.epoch, stage: stage.name });
    if (pieces.some((piece) => piece.state === 'open')) return run;
  }
  return undefined;
}
