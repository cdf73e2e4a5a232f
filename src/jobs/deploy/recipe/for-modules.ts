import { done, doneWithErrors } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { HostCheck } from '../rollout/checks/host-check.ts';
import { PhpRestart } from '../rollout/steps/restart.ts';
import { onHost } from '../target/programs/on-host.ts';
import type { ForModules } from './load-part.ts';
import { plainStages, type StageClasses } from './stage-classes.ts';

/** Everything that a module of the site may extend or use: the classes of its environment by their names, `Restart`, `Depool` … */
export function forModules(classes: StageClasses = plainStages): ForModules {
  const named = Object.entries(classes).map(([part, one]) => [
    part.charAt(0).toUpperCase() + part.slice(1),
    one,
  ]);
  const stages = { ...Object.fromEntries(named), PhpRestart };
  return { stages, HostCheck, onHost, done, doneWithErrors, RotaError };
}
