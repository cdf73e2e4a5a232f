import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createZstdDecompress, zstdCompressSync } from 'node:zlib';
import { givingBack } from './give-back.ts';

async function* of(...chunks: Buffer<ArrayBuffer>[]) {
  yield* chunks;
}

describe('giving back the memory of chunks', () => {
  it('empties a chunk when the next is asked for', async () => {
    const first = Buffer.alloc(100_000, 1);
    const lengths: number[] = [];
    for await (const chunk of givingBack(of(first, Buffer.alloc(100_000, 2)))) {
      lengths.push(chunk.length, first.length);
    }
    assert.deepEqual(lengths, [100_000, 100_000, 100_000, 0]);
  });

  it('leaves memory alone of which the chunk is only a part, and the pool', async () => {
    const memory = Buffer.alloc(100_000, 1);
    const small = Buffer.from('a small one');
    for await (const _ of givingBack(of(memory.subarray(0, 50_000), small)));
    assert.equal(memory[0], 1);
    assert.equal(small.toString(), 'a small one');
  });

  it('leaves what a decompressor of Node gives out as it is', async () => {
    const raw = Buffer.from(Array.from({ length: 300_000 }, (_, i) => `${i},`).join(''));
    const stream = createZstdDecompress({ chunkSize: 256 * 1024 });
    stream.end(zstdCompressSync(raw));
    let at = 0;
    for await (const chunk of givingBack(stream)) {
      assert.ok(chunk.equals(raw.subarray(at, at + chunk.length)), `the chunk at ${at}`);
      at += chunk.length;
    }
    assert.equal(at, raw.length);
  });
});
