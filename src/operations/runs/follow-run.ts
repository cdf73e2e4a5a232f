import type { RunEvent } from '../../control/run-event.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { RunDetails, StageView } from '../../control/store/run-view.ts';
import { StoreWatch } from '../../control/store-watch.ts';
import type { Clock } from '../../core/clock.ts';
import { isRotaError, RotaError } from '../../core/errors/rota-error.ts';
import { isEnded, isFinished, type RunState } from '../../core/run-state.ts';

export interface FollowRunOptions {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly run: RunDetails;
  /** Lines of the run's log that were written since the last call; none where it cannot be read from here. */
  readonly newLogLines: (run: RunDetails) => Promise<readonly string[]>;
  readonly signal: AbortSignal;
  /** The store cannot be reached: told once, then it is waited for. */
  readonly onStoreAway?: (error: RotaError) => void;
  /** How often the log is looked at; default 1 s. */
  readonly everyMs?: number;
}

/** Without any notice of a change the run is read all the same. */
const readEveryMs = 10_000;
/** Changes that follow each other faster are read as one. */
const restMs = 200;

/** What the log tells and the store does not. */
const logged: readonly string[] = ['piece-failed', 'check-ended'];

/**
 * What happens to a run that another process works on, wherever that is: its stages and progress as the store has
 * them, and what only its log tells, where that can be read. Ends when nothing more happens by itself (ended, paused,
 * held) with `run-ended`, or when the signal aborts. Any number of processes may follow one run.
 */
export async function* followRun(p: FollowRunOptions): AsyncGenerator<RunEvent> {
  const { store, clock, signal, everyMs = 1_000 } = p;
  using changes = new StoreWatch({ store, run: p.run.id, signal });
  const reader = new RunReader(p);
  let run = p.run;
  let readMs = clock.monotonicMs();
  const told = new Map<string, string>();
  let progressMs = 0;
  let isFirst = true;
  // What was logged before is history: `rota run log --events` shows it.
  await p.newLogLines(run);
  yield {
    type: 'run-started',
    run: run.id,
    at: clock.now(),
    view: run,
    stages: run.stages.map((s) => s.name),
  };
  for (;;) {
    for (const stage of run.stages) {
      const now = `${run.epoch} ${stage.state} ${stage.tries} ${stage.endedAt?.getTime() ?? ''}`;
      if (told.get(stage.name) === now) continue;
      told.set(stage.name, now);
      const event = stageEvent(run, stage, isFirst, clock);
      if (event !== undefined) yield event;
    }
    for (const line of await p.newLogLines(run)) {
      const event = parseLogged(line);
      if (event !== undefined) yield event;
    }
    const { progress } = run;
    if (run.state === 'running' && progress !== undefined && progress.at.getTime() !== progressMs) {
      progressMs = progress.at.getTime();
      yield { type: 'progress', run: run.id, at: progress.at, stage: progress.stage, progress };
    }
    if (isOver(run.state)) {
      yield { type: 'run-ended', run: run.id, at: clock.now(), view: run };
      return;
    }
    isFirst = false;
    await clock.sleep(Math.min(restMs, everyMs), signal).catch(() => {});
    const hasChanged = await changes.changed(everyMs);
    if (signal.aborted) return;
    if (hasChanged || clock.monotonicMs() - readMs >= readEveryMs) {
      run = (await reader.read()) ?? run;
      readMs = clock.monotonicMs();
    }
  }
}

/** Reads a run of a store that may be away for a while. */
class RunReader {
  readonly #p: FollowRunOptions;
  #isAway = false;

  constructor(p: FollowRunOptions) {
    this.#p = p;
  }

  /** Undefined while the store is away; RUN_UNKNOWN when the run has left it. */
  async read(): Promise<RunDetails | undefined> {
    const { store, run, onStoreAway } = this.#p;
    try {
      const found = await store.readRun({ id: run.id });
      if (found === undefined) throw new RotaError('RUN_UNKNOWN', `The run ${run.id} has left the store`);
      this.#isAway = false;
      return found;
    } catch (error) {
      if (!isRotaError(error, 'STORE_UNAVAILABLE', 'STORE_BUSY')) throw error;
      if (!this.#isAway) onStoreAway?.(error);
      this.#isAway = true;
      return undefined;
    }
  }
}

/** Nothing more happens to it until a person decides. */
function isOver(state: RunState): boolean {
  return isEnded(state) || state === 'paused' || state === 'held';
}

function stageEvent(run: RunDetails, stage: StageView, isFirst: boolean, clock: Clock): RunEvent | undefined {
  const place = { position: stage.position, stageCount: run.stages.length };
  const about = { run: run.id, stage: stage.name, ...place, at: stage.endedAt ?? clock.now() };
  const { state, error, retryAt, startedAt, endedAt, reason } = stage;
  if (isFirst && (isFinished(state) || state === 'skipped')) return { type: 'stage-kept', ...about, state };
  if (state === 'running')
    return { type: 'stage-started', ...about, at: startedAt ?? clock.now(), tryNumber: stage.tries };
  if (state === 'retrying' && error !== undefined && retryAt !== undefined) {
    return { type: 'stage-retrying', ...about, error, retryAt };
  }
  if (endedAt === undefined) return undefined;
  return {
    type: 'stage-ended',
    ...about,
    state,
    durationMs: endedAt.getTime() - (startedAt ?? endedAt).getTime(),
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
  };
}

/** A line of JSON of a run's events; of an older version, or cut off by a kill, it may be anything. */
function parseLogged(line: string): RunEvent | undefined {
  try {
    const event = JSON.parse(line) as RunEvent & { readonly at: string };
    return logged.includes(event.type) ? { ...event, at: new Date(event.at) } : undefined;
  } catch {
    return undefined;
  }
}
