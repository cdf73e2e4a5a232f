import { done, doneWithErrors } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { HostCheck } from '../rollout/checks/host-check.ts';
import { PhpRestart, Restart } from '../rollout/restart.ts';
import { onHost } from '../target/programs/on-host.ts';
import type { ForModules } from './load-part.ts';
import { plainStages } from './stage-classes.ts';

/** Everything that a module of the site may extend or use. */
export function forModules(): ForModules {
  return { stages: plainStages, Restart, PhpRestart, HostCheck, onHost, done, doneWithErrors, RotaError };
}
