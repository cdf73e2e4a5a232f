import { Check } from './check.ts';
import { Depool } from './depool.ts';
import { Promote } from './promote.ts';
import { Repool } from './repool.ts';
import { Restart } from './restart.ts';

/** How a host is switched, in this order: each step a class that may be replaced by a subclass. */
export const plainSteps = {
  depool: Depool,
  promote: Promote,
  restart: Restart,
  check: Check,
  repool: Repool,
};

export type StepClasses = typeof plainSteps;
export type StepName = keyof StepClasses;
/** One object of each class serves all hosts. */
export type RolloutSteps = { readonly [Name in StepName]: InstanceType<StepClasses[Name]> };

/** Which way hosts go. */
export type Way = 'run' | 'undo';
