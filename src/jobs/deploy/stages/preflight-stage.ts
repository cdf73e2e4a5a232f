import { randomUUID } from 'node:crypto';
import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type LiveRecord, liveKey } from '../records.ts';
import type { Fence } from '../target/fence.ts';
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
    const { fleet, board, stage, parameters } = context;
    const site = context.siteOf(host);
    const prove = parameters.kind === 'rollback' ? 'no' : parameters.kind === 'repair' ? 'content' : 'stat';
    const result = await fleet.run(host, observe({ ...site, prove }), stage.signal);
    const seen = parseObservation(result.stdout);
    refuseUnfit(host, site.path, seen);
    refuseForeign(host, site.fence, seen);
    if (seen.instance === null)
      await fleet.run(host, install({ ...site, instance: randomUUID() }), stage.signal);
    board.see(host.name, seen.current, seen.previous);
    stage.services.seen.set(host.name, seen);
  }
}

/** Seen before anything is sent; the guard of every later program sees it again. */
function refuseForeign(host: TargetHost, ours: Fence, { fence }: Observation): void {
  if (fence === null || fence.store === ours.store) return;
  throw new RotaError(
    'FOREIGN_STORE',
    `${host.name} is deployed by another run store (${fence.store}): take it over with rota deploy adopt, if that store is gone for good`,
    { facts: { host: host.name, store: fence.store } },
  );
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
