import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { RotaError } from '../../core/errors/rota-error.ts';
import { packFailure, unpackFailure } from './thread-failure.ts';

const crossed = (error: unknown) => unpackFailure(structuredClone(packFailure(error)));

test('a full disk is one, whichever thread met it, and is tried again', () => {
  const file = openSync('/dev/full', 'w');
  try {
    writeSync(file, 'x');
    assert.fail('/dev/full took a byte');
  } catch (error) {
    const failure = crossed(error);
    assert.deepEqual([failure.code, failure.retryable], ['DISK_FULL', true]);
    assert.match(failure.message, /^the disk is full \(ENOSPC/);
  } finally {
    closeSync(file);
  }
});

test('what has a code keeps it; anything else is told with its cause', () => {
  const known = crossed(new RotaError('ARCHIVE_DAMAGED', 'bad block', { facts: { block: 3 } }));
  assert.deepEqual([known.code, known.message, known.facts], ['ARCHIVE_DAMAGED', 'bad block', { block: 3 }]);
  const unknown = crossed(new TypeError('no such thing'));
  assert.deepEqual([unknown.code, unknown.message], ['INTERNAL', 'a rendering thread failed: no such thing']);
});
