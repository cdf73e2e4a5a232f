import type { FarmConfig } from '../../config/farm-config.ts';
import type { Job } from '../../control/stage.ts';
import type { JobDefinition, JobWork } from './job-definition.ts';

/** The job as run control works on it. */
export function recipeOf<S>(definition: JobDefinition<S>, work: JobWork<S>, farm: FarmConfig): Job<S> {
  const settings = definition.settings(farm);
  const { tries, backoffMs, heldForMs } = settings ?? {};
  return {
    name: definition.name,
    stages: (run) => work.stages(farm, run),
    ...(tries === undefined ? {} : { tries }),
    ...(backoffMs === undefined ? {} : { backoffMs }),
    ...(heldForMs === undefined ? {} : { heldForMs }),
  };
}
