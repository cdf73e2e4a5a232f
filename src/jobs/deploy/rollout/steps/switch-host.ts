import type { HostGroup, TargetHost } from '../../../../config/environment-config.ts';
import type { DeployContext } from '../../stages/deploy-stage.ts';
import type { HostContext, StepTarget, WaveContext } from './rollout-step.ts';
import type { RolloutSteps, Way } from './steps.ts';

/** What a host is to serve. */
export interface Served {
  readonly slot: string;
  readonly version: string;
}

export function targetOf(context: DeployContext, host: TargetHost, served: Served): StepTarget {
  return { ...context.siteOf(host), host, ...served, run: context.stage.run.id };
}

export function hostContext(
  deploy: DeployContext,
  host: TargetHost,
  p: { readonly served: Served; readonly group: HostGroup | null; readonly isFirst: boolean },
): HostContext {
  const { fleet, stage } = deploy;
  const { clock, log, signal } = stage;
  const { group, isFirst } = p;
  return { ...targetOf(deploy, host, p.served), fleet, clock, log, signal, deploy, group, isFirst };
}

/** Makes a host serve a slot that it has proven, and whatever serves it notice. */
export async function switchHost(at: HostContext, steps: RolloutSteps, way: Way): Promise<void> {
  const { stage } = at.deploy;
  stage.assertTrusted();
  stage.services.seen.delete(at.host.name);
  await steps.promote[way](at);
  // One that served it already may still lack the restart: a deployer that died in between is resumed like this.
  await steps.restart[way](at);
}

/** On the way back, what a pool or a program of the site does not let happen keeps no host on a version that is not well. */
export function waveBack(
  deploy: DeployContext,
  p: Pick<WaveContext, 'hosts' | 'keeper'> & { readonly servedOf: (host: TargetHost) => Served },
): WaveContext {
  const { fleet, stage } = deploy;
  return {
    hosts: p.hosts,
    keeper: p.keeper,
    deploy,
    targetOf: (host) => targetOf(deploy, host, p.servedOf(host)),
    each: async (work) => {
      for (const outcome of await fleet.each(p.hosts, work, { signal: stage.signal })) {
        if (outcome.ok) continue;
        stage.log.warn(
          { host: outcome.host.name, err: outcome.error },
          'a host is taken back without a step',
        );
      }
    },
  };
}
