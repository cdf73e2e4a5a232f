import type { JobName, RunId, Subject } from '../../core/ids.ts';
import type { NewRun } from '../store/run-store.ts';

/** When a job is due for its subjects. */
export interface Schedule {
  readonly job: JobName;
  readonly subjects: readonly Subject[];
  readonly when:
    | { readonly kind: 'cron'; readonly expression: string; readonly zone: string }
    /** Due again when the cool-down after the end of the last run is over: the classic worker loop. */
    | { readonly kind: 'continuous'; readonly cooldownMs: number; readonly zone: string };
  readonly catchUp: CatchUp;
  /** What of the due time becomes the run's date: `20261122`, or `20261122T0230Z` for several a day. Default: day. */
  readonly dated?: 'day' | 'minute';
  /** Parameters, slots and needs of a run that is to be created. */
  readonly plan?: (due: {
    readonly id: RunId;
    readonly subject: Subject;
    readonly dueAt: Date;
  }) => Omit<NewRun, 'id' | 'dueAt'>;
}

/** What becomes of due times that were missed because nothing ran. */
export interface CatchUp {
  /** All of them, oldest first; the latest only; or none. */
  readonly policy: 'all' | 'latest' | 'none';
  /** Older ones than this are never made up for. */
  readonly withinMs: number;
}
