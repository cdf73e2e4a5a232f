import type { EnvironmentConfig, TargetHost } from '../../config/environment-config.ts';
import type { RotaError } from '../../core/errors/rota-error.ts';
import type { Fleet } from '../../jobs/deploy/fleet/fleet.ts';
import { targetPath } from '../../jobs/deploy/services.ts';
import { type Observation, observe, parseObservation } from '../../jobs/deploy/target/programs/observe.ts';
import { type Drift, parseDrift, verify } from '../../jobs/deploy/target/programs/verify.ts';
import { parseFileDrift } from '../../jobs/deploy/target/programs/verify-files.ts';
import type { TargetSite } from '../../jobs/deploy/target/target-site.ts';

/** What was found on one host; `error` where it could not be looked at. */
export type HostLook<T> =
  | { readonly host: TargetHost; readonly ok: true; readonly value: T }
  | { readonly host: TargetHost; readonly ok: false; readonly error: RotaError };

/** What every host serves. */
export async function observeFleet(
  fleet: Fleet,
  environment: EnvironmentConfig,
  p: { readonly prove: 'no' | 'stat' | 'content'; readonly signal: AbortSignal },
): Promise<readonly HostLook<Observation>[]> {
  return await fleet.each(
    environment.hosts,
    async (host) => {
      const site = siteOf(environment, host);
      return parseObservation((await fleet.run(host, observe({ ...site, prove: p.prove }), p.signal)).stdout);
    },
    { signal: p.signal },
  );
}

/** What every host serves otherwise than it was deployed. */
export async function verifyFleet(
  fleet: Fleet,
  environment: EnvironmentConfig,
  p: { readonly content: boolean; readonly signal: AbortSignal },
): Promise<readonly HostLook<readonly Drift[]>[]> {
  const assets = environment.content.assets?.paths ?? [];
  return await fleet.each(
    environment.hosts,
    async (host) => {
      const program = verify({ ...siteOf(environment, host), content: p.content, assets });
      const { stdout } = await fleet.run(host, program, p.signal);
      return environment.holds === 'files' ? parseFileDrift(stdout) : parseDrift(stdout);
    },
    { signal: p.signal },
  );
}

function siteOf(environment: EnvironmentConfig, host: TargetHost): TargetSite {
  const { deadlineMs, holds } = environment;
  return { path: targetPath(environment, host), deadlineMs, holds };
}
