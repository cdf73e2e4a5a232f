import type { EnvironmentConfig, TargetHost } from '../../config/environment-config.ts';
import type { Clock } from '../../core/clock.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { Notifier } from './notify/notifier.ts';
import type { ForModules } from './recipe/load-part.ts';
import type { Looks } from './rollout/checks/look.ts';
import type { Observation } from './target/programs/observe.ts';

/** What the stages of a deployment work with. */
export interface DeployServices {
  environment(name: string): EnvironmentConfig;
  knownEnvironment(name: string): EnvironmentConfig | undefined;
  /** The hosts of an environment, connected to when they are first needed. */
  fleet(environment: EnvironmentConfig): Fleet;
  /** What this process last saw of each host, by its name; whoever changes a host takes it out. */
  readonly seen: Map<string, Observation>;
  /** What checks of logs and metrics saw before hosts were switched. */
  readonly looks: Looks;
  /** Tells others of deployments. */
  notifier(environment: EnvironmentConfig): Notifier;
  /** What the site's own modules are given. */
  readonly forModules: ForModules;
  readonly clock: Clock;
}

/** Where an environment's code lies on one of its hosts. */
export function targetPath(environment: EnvironmentConfig, host: TargetHost): string {
  return `${host.root}${environment.path}`;
}
