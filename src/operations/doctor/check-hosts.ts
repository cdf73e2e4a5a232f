import { stat } from 'node:fs/promises';
import type { EnvironmentConfig, TargetHost } from '../../config/environment-config.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { Fleet } from '../../jobs/deploy/fleet/fleet.ts';
import { refuseHost } from '../../jobs/deploy/fleet/refuse-host.ts';
import { openFleet } from '../../jobs/deploy/open-services.ts';
import { targetPath } from '../../jobs/deploy/services.ts';
import { type Observation, observe, parseObservation } from '../../jobs/deploy/target/programs/observe.ts';
import { checkPhp } from './check-php.ts';
import { type Finding, faultOf, ok } from './finding.ts';
import type { PhpVerdict } from './judge-php.ts';

/** The longest that the doctor waits for the answer of one host to which it is connected. */
const deadlineMs = 30_000;

export interface HostTools {
  readonly fleetOptions: Parameters<typeof openFleet>[1];
  readonly signal: AbortSignal;
}

/** Whether every host of an environment can be reached, and deployed to: what a deployment would find first. */
export async function checkHosts(
  environment: EnvironmentConfig,
  { fleetOptions, signal }: HostTools,
): Promise<readonly Finding[]> {
  const area = `environment ${environment.name}`;
  if (!(await isThere(environment.source))) {
    // Workers of other jobs need not reach any of them.
    return [ok(area, `its staging tree is not on this machine, so its hosts are not tried from here`)];
  }
  await using fleet = openFleet(environment, fleetOptions);
  const looks = await Promise.all(environment.hosts.map((host) => lookAtHost(host)));
  const faults = looks.flatMap(({ fault }) => (fault === null ? [] : [fault]));
  const well = environment.hosts.length - faults.length;
  const findings = [...faults, ...ofPhp(area, looks)];
  return well === 0
    ? findings
    : [...findings, ok(area, `${well} of ${environment.hosts.length} hosts can be deployed to`)];

  async function lookAtHost(host: TargetHost): Promise<HostLook> {
    try {
      const seen = await lookAt(fleet, environment, host, signal);
      return {
        host,
        fault: null,
        php: await checkPhp(environment, host, { fleet, seen, deadlineMs, signal }),
      };
    } catch (error) {
      signal.throwIfAborted();
      return { host, fault: faultOf(area, error), php: [] };
    }
  }
}

interface HostLook {
  readonly host: TargetHost;
  readonly fault: Finding | null;
  readonly php: readonly PhpVerdict[];
}

/** What is so on many hosts is one finding. */
function ofPhp(area: string, looks: readonly HostLook[]): readonly Finding[] {
  const all = looks.flatMap(({ host, php }) => php.map((verdict) => ({ host: host.name, verdict })));
  const same = Map.groupBy(all, ({ verdict }) => JSON.stringify(verdict));
  return [...same.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const { level, code, what, remedy } = first.verdict;
    const hosts = some.length === 1 ? first.host : `${first.host} and ${some.length - 1} more`;
    return [{ level, area, code, what: `${hosts}: ${what}`, remedy }];
  });
}

/** @throws RotaError as connecting does; TARGET_UNFIT, TARGET_IS_FOLDER */
async function lookAt(
  fleet: Fleet,
  environment: EnvironmentConfig,
  host: TargetHost,
  signal: AbortSignal,
): Promise<Observation> {
  const path = targetPath(environment, host);
  const { stdout } = await fleet.run(
    host,
    observe({ path, deadlineMs, holds: environment.holds, prove: 'no' }),
    signal,
  );
  const seen = parseObservation(stdout);
  // Whose store deploys there is asked by deployments: it does no harm until then.
  refuseHost(host.name, { path, store: seen.fence?.store ?? null, owner: environment.content.owner }, seen);
  return seen;
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return false;
    throw new RotaError('FILE_UNREADABLE', `${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
