import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeKernelBase64 } from './escape-binary.ts';
import { assembleKernel } from './escape-program.ts';

test('the committed kernel is what its source assembles to', () => {
  assert.equal(escapeKernelBase64, Buffer.from(assembleKernel()).toString('base64'));
});
