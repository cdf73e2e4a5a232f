import { done, Stage, type StageOutcome, skipped } from '../../../control/stage.ts';
import { planDay } from '../day/plan-day.ts';
import type { ChangesContext, ChangesServices } from '../services.ts';

/**
 * Looks whether the day can be made: its mark is there and old enough, and no later day is published. What is not due
 * yet is not tried again here, within seconds, but as a run, after minutes.
 */
export class DueStage extends Stage<ChangesServices> {
  readonly name = 'due';
  readonly deadlineMs = 10 * 60_000;

  async run(context: ChangesContext): Promise<StageOutcome> {
    const plan = await planDay(context);
    return plan.kind === 'skip' ? skipped(plan.reason) : done();
  }
}
