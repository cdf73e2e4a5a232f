import type { TargetProgram } from '../target-program.ts';

/** What php-fpm of a host is set to; null: not known. */
export interface PhpConditions {
  /** Whether the program is there. */
  readonly isInstalled: boolean;
  readonly opcache: boolean | null;
  readonly validatesTimestamps: boolean | null;
  readonly revalidateSeconds: number | null;
  readonly realpathCacheSeconds: number | null;
  /** For how long a reload lets requests in hand go on; 0: it ends them. Null where the configuration cannot be read. */
  readonly controlTimeoutSeconds: number | null;
  /** Whether we may restart or reload the unit; null: a command of the site does it. */
  readonly maySignal: boolean | null;
  /** Whether the PHP that makes CDB files is there; null: none is needed. */
  readonly hasHostPhp: boolean | null;
}

export interface PhpConditionsOptions {
  readonly fpm: string;
  /** php-fpm.conf; null: where its php.ini is. */
  readonly fpmConfig: string | null;
  readonly strategy: string;
  /** The unit that systemctl is told of; null: a command of the site's does it. */
  readonly unit: string | null;
  readonly hostPhp: string | null;
  readonly deadlineMs: number;
}

/** Looks at how php-fpm of a host is set up, as whoever deploys: its settings, and what its pools set otherwise. Changes nothing. */
export function phpConditions(p: PhpConditionsOptions): TargetProgram {
  return {
    name: 'look at php',
    args: [p.fpm, p.fpmConfig ?? '', p.strategy, p.unit ?? '', p.hostPhp ?? ''],
    deadlineMs: p.deadlineMs,
    mutates: false,
    script: `PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
[ -z "$5" ] || { if command -v "$5" >/dev/null 2>&1; then echo "host-php yes"; else echo "host-php no"; fi; }
[ -z "$4" ] || { if sudo -n -l systemctl "$3" "$4" >/dev/null 2>&1; then echo "signal yes"; else echo "signal no"; fi; }
command -v "$1" >/dev/null 2>&1 || exit 0
echo installed
D=$IN/../php
"$1" -i 2>/dev/null >"$D" || :
grep -E '^(opcache\\.(enable|validate_timestamps|revalidate_freq)|realpath_cache_ttl|Opcode Caching) => ' "$D" || :
conf=$2
if [ -z "$conf" ]; then conf=$(sed -n 's/^Configuration File (php.ini) Path => //p' "$D")/php-fpm.conf; fi
[ -r "$conf" ] || exit 0
echo configured
cat "$conf" "\${conf%/*}"/pool.d/*.conf 2>/dev/null | grep -E '^[[:space:]]*(process_control_timeout|php_(admin_)?(value|flag)\\[(opcache\\.(enable|validate_timestamps|revalidate_freq)|realpath_cache_ttl)\\])[[:space:]]*=' || :
`,
  };
}

/** @param stdout of {@link phpConditions} */
export function parsePhpConditions(stdout: Buffer): PhpConditions {
  const lines = stdout.toString().split('\n');
  const word = (key: string) => {
    const line = lines.find((one) => one.startsWith(`${key} `));
    return line === undefined ? null : line === `${key} yes`;
  };
  const values = new Map<string, string>();
  for (const line of lines) {
    // Of `php -i`: the local value, then the master one; and what pools set, which comes later and holds.
    const [, ini, value] = /^([a-z_.]+) => (\S+)/.exec(line) ?? [];
    const [, pool, set] =
      /^\s*php_(?:admin_)?(?:value|flag)\[([a-z_.]+)\]\s*=\s*"?([^"\s]+)/.exec(line) ?? [];
    const [, timeout] = /^\s*process_control_timeout\s*=\s*"?([^"\s;]+)/.exec(line) ?? [];
    if (ini !== undefined && value !== undefined) values.set(ini, value);
    if (pool !== undefined && set !== undefined) values.set(pool, set);
    if (timeout !== undefined) values.set('process_control_timeout', timeout);
  }
  const flag = (key: string) => {
    const value = values.get(key);
    return value === undefined ? null : /^(?:on|1|yes|true)$/i.test(value);
  };
  const seconds = (key: string) => {
    const [, count, unit = 's'] = /^(\d+)(s|m|h|d)?$/.exec(values.get(key) ?? '') ?? [];
    return count === undefined ? null : Number(count) * ({ m: 60, h: 3600, d: 86_400 }[unit] ?? 1);
  };
  const isConfigured = lines.includes('configured');
  const isInstalled = lines.includes('installed');
  return {
    isInstalled,
    // Without the extension there is no such setting.
    opcache: flag('opcache.enable') ?? (isInstalled && values.size > 0 ? false : null),
    validatesTimestamps: flag('opcache.validate_timestamps'),
    revalidateSeconds: seconds('opcache.revalidate_freq'),
    realpathCacheSeconds: seconds('realpath_cache_ttl'),
    controlTimeoutSeconds: seconds('process_control_timeout') ?? (isConfigured ? 0 : null),
    maySignal: word('signal'),
    hasHostPhp: word('host-php'),
  };
}
