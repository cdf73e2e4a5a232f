import { randomUUID } from 'node:crypto';
import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type LiveRecord, liveKey } from '../records.ts';
import { type Observation, observe, parseObservation } from '../target/programs/observe.ts';
import { install } from '../target/programs/receive.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** Connects to every host, sees what it serves and whether it can be deployed to. Changes nothing that is served. */
export class PreflightStage extends DeployStage {
  readonly name = 'preflight';

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { stage, environment, board } = context;
    const live = (await stage.readPointer(liveKey(environment.name))) as LiveRecord | null | undefined;
    const hosts = environment.hosts.filter(
      (host) => context.active().includes(host) || board.get(host.name)?.state === 'failed',
    );
    await this.onHosts(context, hosts, (host) => this.#look(context, host));
    await board.save();
    this.refuseAboveLimit(context);
    const lost = board.inState('failed');
    return done({ hosts: hosts.length - lost.length, lost: lost.slice(0, 50), live: live?.version ?? null });
  }

  async #look(context: DeployContext, host: TargetHost): Promise<void> {
    const { fleet, board, stage } = context;
    const site = context.siteOf(host);
    const result = await fleet.run(host, observe({ ...site, prove: false }), stage.signal);
    const seen = parseObservation(result.stdout);
    refuseUnfit(host, site.path, seen);
    const { instance, fence } = seen;
    const { store, generation, counter } = site.fence;
    if (instance === null || fence?.store !== store || fence.token !== `${generation}.${counter}`) {
      await fleet.run(host, install({ ...site, instance: randomUUID() }), stage.signal);
    }
    board.see(host.name, seen.current, seen.previous);
  }
}

function refuseUnfit(host: TargetHost, path: string, seen: Observation): void {
  const facts = { host: host.name };
  if (seen.missing.length > 0) {
    throw new RotaError('TARGET_UNFIT', `${host.name} lacks ${seen.missing.join(', ')}`, { facts });
  }
  if (seen.link === 'folder' || seen.link === 'other') {
    throw new RotaError(
      'TARGET_IS_FOLDER',
      `${path} on ${host.name} is ${seen.link === 'folder' ? 'a folder' : 'something'} that Rota did not make: move it away, or choose another path`,
      { facts },
    );
  }
}
