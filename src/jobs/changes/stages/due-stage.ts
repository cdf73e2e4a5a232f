import { done, Stage, type StageOutcome, skipped } from '../../../control/stage.ts';
import { openWiki, wikiAccess } from '../../../dumping/wiki-access.ts';
import { planDay } from '../day/plan-day.ts';
import { checkPassedMark } from '../marks/check-passed-mark.ts';
import { type ChangesContext, type ChangesServices, wikiOf } from '../services.ts';

/**
 * Looks whether the day can be made: its mark is there and old enough, the server has come as far, and no later day is
 * published. What is not due
 * yet is not tried again here, within seconds, but as a run, after minutes.
 */
export class DueStage extends Stage<ChangesServices> {
  readonly name = 'due';
  readonly deadlineMs = 10 * 60_000;

  async run(context: ChangesContext): Promise<StageOutcome> {
    const plan = await planDay(context);
    if (plan.kind === 'skip') return skipped(plan.reason);
    const { services, run, signal, log, clock } = context;
    await using reading = await openWiki(wikiAccess(wikiOf(services, run.subject)), { log, signal });
    await checkPassedMark(reading, plan.mark, { now: clock.now(), signal });
    return done();
  }
}
