import type { TargetHost } from '../../../config/environment-config.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import { onHost } from '../target/programs/on-host.ts';
import { promote } from '../target/programs/promote.ts';

/** Makes a host serve a slot that it has proven, and whatever serves it notice. */
export async function switchHost(
  context: DeployContext,
  host: TargetHost,
  target: { readonly slot: string; readonly version: string },
): Promise<void> {
  const { stage, fleet, environment } = context;
  const site = context.siteOf(host);
  stage.assertTrusted();
  stage.services.seen.delete(host.name);
  await fleet.run(host, promote({ ...site, slot: target.slot, run: stage.run.id }), stage.signal);
  const { restart } = environment;
  // One that served it already may still lack the restart: a deployer that died in between is resumed like this.
  if (restart === null) return;
  await fleet.run(
    host,
    onHost({
      path: site.path,
      name: 'restart',
      command: restart.command,
      host: host.name,
      version: target.version,
      deadlineMs: restart.timeoutMs,
      mutates: true,
    }),
    stage.signal,
  );
}
