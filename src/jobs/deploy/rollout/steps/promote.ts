import { promote } from '../../target/programs/promote.ts';
import type { TargetProgram } from '../../target/target-program.ts';
import { HostStep, type StepTarget } from './rollout-step.ts';

/** Makes a host serve a slot that it has proven: one rename of a link. */
export class Promote extends HostStep {
  override local(target: StepTarget): TargetProgram {
    return promote(target);
  }
}
