import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RotaError } from '../core/errors/rota-error.ts';
import type { Log } from '../core/log.ts';
import { OutageLog } from './outage-log.ts';

test('that the store is away is told once, other faults always, and that it is back once', () => {
  const lines: string[] = [];
  const to = (level: string) => (_facts: object, message: string) => lines.push(`${level} ${message}`);
  const inner: Log = { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
  const log = new OutageLog(inner);
  const away = { err: new RotaError('STORE_UNAVAILABLE', 'no quorum') };
  log.answered();
  log.warn(away, 'cannot read');
  log.error(away, 'cannot claim');
  log.error({ err: new RotaError('DISK_FULL', 'full') }, 'cannot write');
  log.info({}, 'goes on');
  log.answered();
  log.answered();
  log.error(away, 'cannot claim');
  assert.deepEqual(lines, [
    'warn cannot read',
    'debug cannot claim',
    'error cannot write',
    'info goes on',
    'info the run store answers again',
    'error cannot claim',
  ]);
});
