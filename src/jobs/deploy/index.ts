import type { FarmConfig } from '../../config/farm-config.ts';
import type { Stage } from '../../control/stage.ts';
import { parseRunId } from '../../core/ids.ts';
import type { JobWork } from '../definition/job-definition.ts';
import { openServices } from './open-services.ts';
import { readParameters } from './parameters.ts';
import { recipeOf } from './recipe/deploy-recipe.ts';
import type { DeployServices } from './services.ts';
import { PreflightStage } from './stages/preflight-stage.ts';

/** What a process works with that deploys. */
export const deployWork: JobWork<DeployServices> = {
  stages: (farm, run) => stagesOf(farm, run.subject, run.parameters),
  openServices,
  gaveUp: async (services, run) => {
    const environment = services.knownEnvironment(parseRunId(run).subject);
    if (environment === undefined) return;
    const text = `${environment.name}: ${run} did not come to its end; see rota deploy status`;
    services.notifier(environment).tell(text, { run, state: 'failed', version: null }, null);
  },
};

function stagesOf(farm: FarmConfig, name: string, given: unknown): readonly Stage<DeployServices>[] {
  const environment = farm.environments.get(name);
  // Without the environment the first stage says so.
  if (environment === undefined) return [new PreflightStage()];
  return recipeOf(environment).stages(readParameters(given));
}
