import type { PhpSettings } from '../../config/environment-recipe-config.ts';
import type { PhpConditions } from '../../jobs/deploy/target/programs/php-conditions.ts';
import type { Finding, FindingCode } from './finding.ts';

/** Something about php-fpm of a host, said so that it reads the same for every host: hosts are named by whoever tells it. */
export interface PhpVerdict {
  readonly level: Exclude<Finding['level'], 'ok'>;
  readonly code: FindingCode;
  readonly what: string;
  readonly remedy: string;
}

/** Whether what a strategy needs holds: else requests fail with a deployment, or old code is served after it. */
export function judgePhp(
  php: PhpSettings,
  seen: PhpConditions,
  { hasPools }: { readonly hasPools: boolean },
): readonly PhpVerdict[] {
  const unfit = (what: string, remedy: string): PhpVerdict => ({
    level: 'fault',
    code: 'PHP_STRATEGY_UNFIT',
    what: `php.strategy ${php.strategy}: ${what}`,
    remedy,
  });
  const risky = (what: string, remedy: string): PhpVerdict => ({
    ...unfit(what, remedy),
    level: 'warning',
    code: 'PHP_STRATEGY_RISKY',
  });
  const found: PhpVerdict[] = [];
  if (seen.maySignal === false)
    found.push(
      unfit(
        `sudo does not let us ${php.strategy} ${php.service}`,
        `Allow it in sudoers (NOPASSWD: /usr/bin/systemctl ${php.strategy} ${php.service}), or give php.command.`,
      ),
    );
  if (!seen.isInstalled)
    return [...found, risky(`there is no ${php.fpm}, so its settings are not known`, 'Name it in php.fpm.')];
  if (php.strategy === 'reload') {
    if (seen.controlTimeoutSeconds === 0)
      found.push(
        unfit(
          'process_control_timeout is not set, so a reload ends the requests in hand',
          'Set process_control_timeout in php-fpm.conf, such as to 30s.',
        ),
      );
    if (seen.controlTimeoutSeconds === null)
      found.push(
        risky(
          'php-fpm.conf cannot be read, and with it process_control_timeout',
          'Make it readable, or name it in php.fpmConfig.',
        ),
      );
  }
  if (php.strategy === 'restart' && !hasPools)
    found.push(
      risky(
        'while php-fpm restarts, requests are refused, and hosts leave no pool for it',
        'Use reload, or give pools.',
      ),
    );
  found.push(...oldCode(php, seen, { unfit, risky }));
  return found;
}

/** Strategies that start no process anew: what PHP remembers of paths and files outlives the switch. */
function oldCode(
  php: PhpSettings,
  seen: PhpConditions,
  { unfit, risky }: Readonly<Record<'unfit' | 'risky', (what: string, remedy: string) => PhpVerdict>>,
): readonly PhpVerdict[] {
  if (php.strategy !== 'none' && php.strategy !== 'reset') return [];
  if (php.versionUrl === null)
    return php.strategy === 'none' && seen.opcache !== false && seen.validatesTimestamps === false
      ? [
          unfit(
            'opcache.validate_timestamps is off, and nothing shows that workers run the new code',
            'Use reload; or, where the web server hands on resolved paths, give php.versionUrl.',
          ),
        ]
      : [risky('nothing shows that workers run the new code', 'Give php.versionUrl.')];
  const waits =
    (seen.realpathCacheSeconds ?? 0) + (php.strategy === 'none' ? (seen.revalidateSeconds ?? 0) : 0);
  if (waits * 1000 <= php.timeoutMs) return [];
  return [
    risky(
      `workers may remember the old paths for ${waits} s, and php.timeout is ${php.timeoutMs / 1000} s`,
      'Have the web server hand on resolved paths, lower realpath_cache_ttl, or raise php.timeout.',
    ),
  ];
}
