import { existsSync } from 'node:fs';
import { done, Stage, type StageOutcome, skipped } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { dayFolder } from '../day/day-folder.ts';
import { type ContentSummary, makeFiles } from '../files/make-files.ts';
import { isStillShown } from '../look/is-still-shown.ts';
import type { ChangesContext, ChangesServices } from '../services.ts';
import { showLock } from '../shown-lock.ts';
import { readState, type StateSummary } from '../state/read-state.ts';

/** A wiki that hides something during every look is tried again later. */
const mostLooks = 8;

/** What is published: of the last snapshot after which nothing of it was hidden. */
export interface LastLookSummary {
  readonly looks: number;
  readonly state: StateSummary;
  readonly content: ContentSummary;
}

/**
 * Looks once more, right before publication, at what is visible. When something that the day shows was hidden or deleted
 * since its snapshot, the day is made anew from a new one, until a look finds nothing: so the day is the wiki's state at one
 * moment, with a ledger that says so.
 */
export class LastLookStage extends Stage<ChangesServices> {
  readonly name = 'last-look';
  override readonly retries = { tries: 3, backoffMs: 60_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: ChangesContext): Promise<StageOutcome> {
    let state = (await context.summaryOf('state')) as StateSummary | undefined;
    if (state === undefined) return skipped('a later day is published');
    let content = (await context.summaryOf('content')) as ContentSummary;
    await using _lock = await showLock(context, 'incrdump');
    const marker = dayFolder(context).again;
    // Where an attempt that was killed had begun to read again, the files are not those that the summaries tell of.
    let isCurrent = !existsSync(marker);
    for (let looks = 1; looks <= mostLooks; looks++) {
      if (isCurrent && (await isStillShown(context, state))) {
        const summary: LastLookSummary = { looks, state, content };
        return done(summary);
      }
      context.log.info({ looks }, 'something was hidden since the day was read: it is read again');
      await writeFileAtomic(marker, '', { mode: 0o600 });
      // First the whole state, so that the day is one moment; a wiki that changes meanwhile, too, is read where something
      // hints at a change since, which takes so little time that a look finds nothing some time.
      state = await readState(context, state.plan, { again: isCurrent && looks > 1 });
      content = await makeFiles(context, state);
      isCurrent = true;
    }
    throw new RotaError(
      'WIKI_KEEPS_CHANGING',
      `revisions of ${context.run.subject} are being hidden or deleted during every look; the day is tried again later`,
    );
  }
}
