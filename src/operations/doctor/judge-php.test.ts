import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhpSettings } from '../../config/environment-recipe-config.ts';
import { type PhpConditions, parsePhpConditions } from '../../jobs/deploy/target/programs/php-conditions.ts';
import { judgePhp } from './judge-php.ts';

const said = `host-php no
signal yes
installed
realpath_cache_ttl => 120 => 120
Opcode Caching => Up and Running
opcache.enable => On => On
opcache.revalidate_freq => 2 => 2
opcache.validate_timestamps => On => On
configured
process_control_timeout = 1m ; what pools say holds
php_admin_value[opcache.validate_timestamps] = 0
 php_flag[opcache.enable] = "1"
`;

test('what php-fpm and its pools say is read; what is not said is not known', () => {
  assert.deepEqual(parsePhpConditions(Buffer.from(said)), {
    isInstalled: true,
    opcache: true,
    validatesTimestamps: false,
    revalidateSeconds: 2,
    realpathCacheSeconds: 120,
    controlTimeoutSeconds: 60,
    maySignal: true,
    hasHostPhp: false,
  });
  assert.deepEqual(parsePhpConditions(Buffer.from('signal no\n')), {
    isInstalled: false,
    opcache: null,
    validatesTimestamps: null,
    revalidateSeconds: null,
    realpathCacheSeconds: null,
    controlTimeoutSeconds: null,
    maySignal: false,
    hasHostPhp: null,
  });
  const bare = parsePhpConditions(Buffer.from('installed\nrealpath_cache_ttl => 0 => 0\nconfigured\n'));
  assert.deepEqual([bare.opcache, bare.controlTimeoutSeconds], [false, 0]);
});

test('each strategy has its conditions', () => {
  const base = parsePhpConditions(Buffer.from(said));
  const php: PhpSettings = {
    strategy: 'reload',
    command: 'x',
    service: 'php8.2-fpm',
    fpm: 'php-fpm8.2',
    fpmConfig: null,
    resetUrl: null,
    versionUrl: null,
    confirmations: 10,
    timeoutMs: 60_000,
  };
  const judged = (p: Partial<PhpSettings>, seen: Partial<PhpConditions> = {}, hasPools = false) =>
    judgePhp({ ...php, ...p }, { ...base, ...seen }, { hasPools }).map(
      ({ level, what }) => `${level} ${what.replace(/^php\.strategy /, '')}`,
    );
  assert.deepEqual(judged({}), []);
  assert.deepEqual(judged({}, { maySignal: false, controlTimeoutSeconds: 0 }), [
    'fault reload: sudo does not let us reload php8.2-fpm',
    'fault reload: process_control_timeout is not set, so a reload ends the requests in hand',
  ]);
  assert.match(judged({}, { controlTimeoutSeconds: null })[0] ?? '', /^warning .*cannot be read/);
  assert.match(judged({}, { isInstalled: false })[0] ?? '', /^warning .*there is no php-fpm8\.2/);
  assert.match(judged({ strategy: 'restart' })[0] ?? '', /^warning .*requests are refused/);
  assert.deepEqual(judged({ strategy: 'restart' }, {}, true), []);
  assert.match(judged({ strategy: 'none' })[0] ?? '', /^fault .*validate_timestamps is off/);
  assert.match(
    judged({ strategy: 'none' }, { validatesTimestamps: true })[0] ?? '',
    /^warning nothing|^warning none: nothing/,
  );
  const told = { versionUrl: 'http://{host}/' };
  assert.match(
    judged({ strategy: 'reset', ...told })[0] ?? '',
    /^warning .*for 120 s, and php\.timeout is 60 s/,
  );
  assert.deepEqual(judged({ strategy: 'reset', ...told }, { realpathCacheSeconds: 60 }), []);
  assert.match(judged({ strategy: 'none', ...told }, { realpathCacheSeconds: 60 })[0] ?? '', /for 62 s/);
});
