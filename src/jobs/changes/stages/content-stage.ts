import { done, doneWithErrors, Stage, type StageOutcome, skipped } from '../../../control/stage.ts';
import { makeFiles } from '../files/make-files.ts';
import type { ChangesContext, ChangesServices } from '../services.ts';
import { showLock } from '../shown-lock.ts';
import type { StateSummary } from '../state/read-state.ts';

/** Makes the day's files from what was read, and reads them back. */
export class ContentStage extends Stage<ChangesServices> {
  readonly name = 'content';
  override readonly retries = { tries: 4, backoffMs: 5_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: ChangesContext): Promise<StageOutcome> {
    const state = (await context.summaryOf('state')) as StateSummary | undefined;
    if (state === undefined) return skipped('a later day is published');
    await using _lock = await showLock(context, 'incrdump');
    const summary = await makeFiles(context, state);
    if (summary.failed.length === 0) return done(summary);
    return doneWithErrors(`${summary.failed.length} texts could not be read as they should be`, summary);
  }
}
