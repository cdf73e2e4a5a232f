import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeKernelBase64 } from './escape-binary.ts';
import { assembleKernel } from './escape-program.ts';

test('the committed kernel is what its source assembles to', () => {
  const assembled = Buffer.from(assembleKernel()).toString('base64');
  assert.ok(escapeKernelBase64 === assembled, `escape-binary.ts must hold, in lines of 100:\n${assembled}`);
});
