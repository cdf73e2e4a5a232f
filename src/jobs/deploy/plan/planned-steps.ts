import type { EnvironmentConfig, HostGroup } from '../../../config/environment-config.ts';
import type { StepTarget } from '../rollout/steps/rollout-step.ts';
import type { RolloutSteps, StepName } from '../rollout/steps/steps.ts';
import { targetPath } from '../services.ts';
import type { PlannedStep } from './deploy-plan.ts';

const order: readonly StepName[] = ['depool', 'promote', 'restart', 'check', 'repool'];

/** What each step would do to the hosts of a group. Programs are made for it as for a deployment, and run nowhere. */
export function plannedSteps(
  environment: EnvironmentConfig,
  group: HostGroup,
  steps: RolloutSteps,
  version: { readonly name: string; readonly commit: string },
): readonly PlannedStep[] {
  const targets = environment.hosts
    .filter(({ name }) => group.hosts.includes(name))
    .map(
      (host): StepTarget => ({
        host,
        path: targetPath(environment, host),
        deadlineMs: environment.deadlineMs,
        holds: environment.holds,
        // Nothing of what only a deployment has: no host would take a program with this fence for one of its deployer.
        fence: { store: 'plan', generation: 0, counter: 0 },
        run: 'plan',
        slot: version.commit,
        version: version.name,
      }),
    );
  return order.map((name) => ({ name, does: steps[name].plan({ group, targets }) }));
}
