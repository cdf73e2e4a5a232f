import type { TargetHost } from '../../../config/environment-config.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import { promote } from '../target/programs/promote.ts';

/** Makes a host serve a slot that it has proven, and whatever serves it notice. */
export async function switchHost(
  context: DeployContext,
  host: TargetHost,
  target: { readonly slot: string; readonly version: string },
): Promise<void> {
  const { stage, fleet, environment } = context;
  const site = context.siteOf(host);
  const { services, clock, log, signal } = stage;
  stage.assertTrusted();
  services.seen.delete(host.name);
  await fleet.run(host, promote({ ...site, slot: target.slot, run: stage.run.id }), signal);
  // One that served it already may still lack the restart: a deployer that died in between is resumed like this.
  await services
    .restart(environment)
    .run({ host, path: site.path, version: target.version, fleet, clock, log, signal });
}
