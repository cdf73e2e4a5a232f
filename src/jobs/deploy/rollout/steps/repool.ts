import { serviceName } from '../../pools/pool-store.ts';
import { type WaveContext, WaveStep } from './rollout-step.ts';

/**
 * Brings hosts that are well into their pools again, those included that an earlier process took out. Hosts come to it that were
 * never out: for them it does nothing.
 */
export class Repool extends WaveStep {
  override plan(p: Parameters<WaveStep['plan']>[0]): readonly string[] {
    const services = this.environment.pools?.services ?? [];
    return [...super.plan(p), ...services.map(serviceName)];
  }

  override async run(wave: WaveContext): Promise<void> {
    await super.run(wave);
    const held = (await wave.keeper?.held()) ?? [];
    const out = wave.hosts.map(({ name }) => name).filter((name) => held.includes(name));
    if (out.length > 0) await wave.keeper?.repool(out);
  }
}
