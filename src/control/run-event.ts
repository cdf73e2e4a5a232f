import type { RunId } from '../core/ids.ts';
import type { StageState } from '../core/run-state.ts';
import type { CheckReport } from './check.ts';
import type { RunRequest } from './store/run-store.ts';
import type { CommittedPiece, Failure, Progress, RunView } from './store/run-view.ts';

interface EventBase {
  readonly run: RunId;
  readonly at: Date;
}

interface StageEvent extends EventBase {
  readonly stage: string;
  /** Of the run's stages, from 0. */
  readonly position: number;
  readonly stageCount: number;
}

/** What happens to a run while this process works on it: the command line draws it, the log tells it. */
export type RunEvent =
  | (EventBase & { readonly type: 'run-started'; readonly view: RunView; readonly stages: readonly string[] })
  | (EventBase & { readonly type: 'run-ended'; readonly view: RunView })
  | (EventBase & { readonly type: 'run-interrupted'; readonly code: string; readonly request?: RunRequest })
  | (StageEvent & { readonly type: 'stage-started'; readonly tryNumber: number })
  | (StageEvent & { readonly type: 'stage-kept'; readonly state: StageState })
  | (StageEvent & { readonly type: 'stage-retrying'; readonly error: Failure; readonly retryAt: Date })
  | (StageEvent & {
      readonly type: 'stage-ended';
      readonly state: StageState;
      readonly reason?: string;
      readonly error?: Failure;
      readonly durationMs: number;
      readonly summary?: unknown;
    })
  | (StageEvent & {
      readonly type: 'check-ended';
      readonly moment: 'before' | 'after';
      readonly report: CheckReport;
    })
  | (EventBase & { readonly type: 'progress'; readonly stage: string; readonly progress: Progress })
  | (EventBase & {
      readonly type: 'piece-started';
      readonly stage: string;
      readonly piece: string;
      readonly tryNumber: number;
    })
  | (EventBase & { readonly type: 'piece-committed'; readonly stage: string; readonly piece: CommittedPiece })
  | (EventBase & {
      readonly type: 'piece-failed';
      readonly stage: string;
      readonly piece: string;
      readonly error: Failure;
      /** Undefined when it is not tried again. */
      readonly retryAt?: Date;
    });

/** Must not throw and must return at once. */
export type RunEventListener = (event: RunEvent) => void;
