import { serviceName } from '../../pools/pool-store.ts';
import { type WaveContext, WaveStep } from './rollout-step.ts';

/** Takes hosts out of their pools and waits until their load balancers agree; then `local`, of which there is none. */
export class Depool extends WaveStep {
  override plan(p: Parameters<WaveStep['plan']>[0]): readonly string[] {
    const services = this.environment.pools?.services ?? [];
    return [...services.map(serviceName), ...super.plan(p)];
  }

  override async run(wave: WaveContext): Promise<void> {
    await wave.keeper?.depool(wave.hosts.map(({ name }) => name));
    await super.run(wave);
  }
}
