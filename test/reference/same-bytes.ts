import assert from 'node:assert/strict';

/** Fails with the place of the first difference and what stands around it on both sides. */
export function assertSameBytes(actual: Buffer, expected: Buffer, what: string): void {
  if (actual.equals(expected)) return;
  const at = firstDifference(actual, expected);
  const line = 1 + expected.subarray(0, at).toString('latin1').split('\n').length - 1;
  const around = (bytes: Buffer): string =>
    JSON.stringify(bytes.subarray(Math.max(0, at - 300), at + 200).toString());
  assert.fail(
    `${what}: ${actual.length} bytes, expected ${expected.length}; they differ at byte ${at} (line ${line}).\n` +
      `expected …${around(expected)}…\n` +
      `actual   …${around(actual)}…`,
  );
}

function firstDifference(a: Buffer, b: Buffer): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return i;
  return shorter;
}
