import type { RunId } from '../../../core/ids.ts';
import type { DumpSet } from '../../../publish/dump-catalogue/dump-output.ts';
import type { DumpState, JobStatus } from '../../../publish/status/dump-view.ts';
import type { MadeFile } from '../made-file.ts';

/** What stages tell the public of a run. `Context` is a stage's; this file does not know it, so that it can be part of it. */
export interface RunStatus<Context> {
  /** Writes the status files for the first time (or again, when the run is resumed). */
  begin(context: Context): Promise<void>;
  /** Work on these sets begins; what an earlier attempt published stays done. */
  start(context: Context, sets: readonly DumpSet[]): Promise<void>;
  setState(context: Context, set: DumpSet, status: JobStatus, files?: readonly MadeFile[]): Promise<void>;
  /** The run came to its end. */
  finish(context: Context, state: DumpState): Promise<void>;
  /** The run failed, was cancelled or lost: whoever notices it says so; sets that were under way have failed. */
  abort(run: RunId, at: Date): Promise<void>;
}
