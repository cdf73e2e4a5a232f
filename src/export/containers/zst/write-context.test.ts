import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { compressorOfOneContext } from './write-context.ts';

const compress = compressorOfOneContext();

test('this Node compresses frames in one context', () => {
  assert.notEqual(compress, null);
});

test('a frame is the same whatever its context made before', () => {
  const text = Buffer.from('A revision of a page, and [[another]] one. '.repeat(30_000));
  const sizes = [1, 0, 100, text.length, 65_536, 131_072, 131_073, 7, 1_000_000];
  const samples = [
    ...sizes.map((size) => text.subarray(0, size)),
    // What cannot be compressed becomes longer than it was.
    ...[1, 1000, 300_000, 131_072].map((size) => randomBytes(size)),
    Buffer.concat([text, randomBytes(3 << 20), text]),
  ];
  for (const level of [3, 1, 9, 3]) {
    for (const raw of samples) {
      const frame = compress?.(raw, level) ?? Buffer.alloc(0);
      const first = compressorOfOneContext()?.(raw, level);
      assert.ok(first?.equals(frame), `${raw.length} bytes at level ${level}`);
      assert.ok(zstdDecompressSync(frame).equals(raw));
    }
  }
});

test('a frame stays as it is when the next one is made', () => {
  const [first, second] = [Buffer.alloc(5000, 'a'), Buffer.alloc(5000, 'b')];
  const frame = compress?.(first, 3) ?? Buffer.alloc(0);
  compress?.(second, 3);
  assert.ok(zstdDecompressSync(frame).equals(first));
});
