import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import type { FullDumpContext } from '../run-folder.ts';
import type { FullDumpServices } from '../services.ts';

/** Says in the status files that the dump has ended. */
export class FinishStage extends Stage<FullDumpServices> {
  readonly name = 'finish';
  override readonly retries = { tries: 4, backoffMs: 15_000 };
  readonly deadlineMs = 60 * 60_000;

  async run(context: FullDumpContext): Promise<StageOutcome> {
    await context.services.status.finish(context, 'done');
    return done();
  }
}
