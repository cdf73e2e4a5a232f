import { rm } from 'node:fs/promises';
import { done, Stage, type StageOutcome, skipped } from '../../../control/stage.ts';
import { dayFolder } from '../day/day-folder.ts';
import { planDay } from '../day/plan-day.ts';
import type { ChangesContext, ChangesServices } from '../services.ts';
import { showLock } from '../shown-lock.ts';
import { readState } from '../state/read-state.ts';

/** Reads the day's revisions and the state of the wiki from one snapshot, and finds what else changed. */
export class StateStage extends Stage<ChangesServices> {
  readonly name = 'state';
  override readonly retries = { tries: 4, backoffMs: 5_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: ChangesContext): Promise<StageOutcome> {
    const plan = await planDay(context);
    if (plan.kind === 'skip') return skipped(plan.reason);
    await using _lock = await showLock(context, 'incrdump');
    await rm(dayFolder(context).again, { force: true });
    return done(await readState(context, plan));
  }
}
