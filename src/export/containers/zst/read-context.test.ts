import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { constants, zstdCompressSync } from 'node:zlib';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { readZstFrame, ZstFrameReader, zstFrame } from './frame.ts';
import { decompressorOfOneContext } from './read-context.ts';

const decompress = decompressorOfOneContext();
const text = Buffer.from('A revision of a page, and [[another]] one. '.repeat(30_000));

describe('a context that reads frames', () => {
  it('is to be had with this Node', () => {
    assert.notEqual(decompress, null);
  });

  it('reads frames of all sizes, one after the other', () => {
    const reader = new ZstFrameReader();
    // Header fields of one, two and four bytes; blocks that are stored, run lengths, compressed.
    const sizes = [1, 100, 255, 256, 257, 65_791, 65_792, 131_072, 131_073, text.length];
    const samples = [
      ...sizes.map((size) => text.subarray(0, size)),
      ...[1, 300, 300_000].map((size) => randomBytes(size)),
      Buffer.alloc(3 << 20, 'a'),
      Buffer.concat([text, randomBytes(3 << 20), text]),
    ];
    for (const raw of [...samples, ...samples.toReversed()]) {
      const { bytes } = zstFrame(raw);
      const taken = decompress?.(bytes, raw.length, () => Buffer.alloc(raw.length + 10));
      assert.ok(taken?.equals(raw), `${raw.length} bytes, by the context itself`);
      assert.ok(readZstFrame(bytes, raw.length).equals(raw));
      assert.ok(reader.read(bytes, raw.length).equals(raw));
    }
  });

  it('leaves to the public way what it cannot prove', () => {
    const { bytes } = zstFrame(text);
    const target = () => Buffer.alloc(text.length + 100);
    const unsized = zstdCompressSync(text, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
    const refused: readonly (readonly [string, Buffer, number])[] = [
      ['no size stated', unsized, text.length],
      ['another size', bytes, text.length - 1],
      ['a frame that follows', Buffer.concat([bytes, bytes]), text.length],
      ['cut before its checksum', bytes.subarray(0, -4), text.length],
      ['cut in its head', bytes.subarray(0, 5), text.length],
      ['nothing', Buffer.alloc(0), 0],
      ['no frame', Buffer.from('<mediawiki>'), 11],
    ];
    for (const [what, frame, rawBytes] of refused)
      assert.equal(decompress?.(frame, rawBytes, target), null, what);
    assert.ok(readZstFrame(unsized, text.length).equals(text));
    assert.ok(decompress?.(bytes, text.length, target)?.equals(text), 'and goes on');
  });

  it('finds every flipped byte, and reads the next frame all the same', () => {
    const raw = text.subarray(0, 2000);
    const { bytes } = zstFrame(raw);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x40;
      let found: Buffer | null = null;
      try {
        found = readZstFrame(damaged, raw.length);
      } catch (error) {
        assert.ok(isRotaError(error, 'ARCHIVE_DAMAGED'), `byte ${at}`);
      }
      // Some bits of the header mean nothing: then the content is as it was.
      assert.ok(found === null || found.equals(raw), `byte ${at}`);
      assert.ok(readZstFrame(bytes, raw.length).equals(raw), `after byte ${at}`);
    }
  });
});
