import type { EnvironmentConfig, TargetHost } from '../../config/environment-config.ts';
import type { Fleet } from '../../jobs/deploy/fleet/fleet.ts';
import { ask } from '../../jobs/deploy/rollout/checks/ask-address.ts';
import { filled } from '../../jobs/deploy/rollout/checks/filled.ts';
import type { Observation } from '../../jobs/deploy/target/programs/observe.ts';
import { parsePhpConditions, phpConditions } from '../../jobs/deploy/target/programs/php-conditions.ts';
import { judgePhp, type PhpVerdict } from './judge-php.ts';

/** What keeps PHP of a host from running new code after a switch, or from making what it serves. */
export async function checkPhp(
  environment: EnvironmentConfig,
  host: TargetHost,
  p: {
    readonly fleet: Fleet;
    readonly seen: Observation;
    readonly deadlineMs: number;
    readonly signal: AbortSignal;
  },
): Promise<readonly PhpVerdict[]> {
  const { php, localisation } = environment.recipe;
  const hostPhp = localisation?.store === 'cdb' ? localisation.hostPhp : null;
  if (php === null && hostPhp === null) return [];
  const program = phpConditions({
    fpm: php?.fpm ?? '',
    fpmConfig: php?.fpmConfig ?? null,
    strategy: php?.strategy ?? 'none',
    unit: php === null || php.service === null ? null : php.service,
    hostPhp,
    deadlineMs: p.deadlineMs,
  });
  const conditions = parsePhpConditions((await p.fleet.run(host, program, p.signal)).stdout);
  const found: PhpVerdict[] = [];
  if (conditions.hasHostPhp === false)
    found.push({
      level: 'fault',
      code: 'TARGET_UNFIT',
      what: `there is no ${hostPhp} to make CDB files with`,
      remedy: 'Install it, or name another in localisation.hostPhp.',
    });
  if (php === null) return found;
  found.push(...judgePhp(php, conditions, { hasPools: environment.pools !== null }));
  const served = p.seen.current === null ? undefined : p.seen.slots.get(p.seen.current);
  const version = served === undefined ? undefined : p.seen.commits.get(served);
  if (php.versionUrl !== null && version !== undefined) {
    const url = filled(php.versionUrl, { host: host.name, version });
    const answer = await ask(url, p.signal).catch((error: Error) => {
      p.signal.throwIfAborted();
      return { status: 0, body: error.message };
    });
    if (answer.status !== 200 || !answer.body.includes(version))
      found.push({
        level: 'fault',
        code: 'PHP_STRATEGY_UNFIT',
        what: 'php.versionUrl does not name the version that is served, so no deployment would come to its end',
        remedy: 'Let it print VERSION.json of the code that PHP runs.',
      });
  }
  return found;
}
