import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { writeChangesIndex } from '../files/write-index.ts';
import type { ChangesContext, ChangesServices } from '../services.ts';

/** Writes `index.html`: of each wiki the latest good day, and what is missing since. */
export class IndexStage extends Stage<ChangesServices> {
  readonly name = 'index';
  override readonly retries = { tries: 4, backoffMs: 5_000 };
  readonly deadlineMs = 10 * 60_000;

  async run(context: ChangesContext): Promise<StageOutcome> {
    const { farm, records, trees } = context.services;
    const wikis = await writeChangesIndex({
      farm,
      records,
      tree: trees.public,
      assertTrusted: () => context.assertTrusted(),
    });
    return done({ wikis });
  }
}
