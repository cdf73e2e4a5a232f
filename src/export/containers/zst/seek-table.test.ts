import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { readZstFrame, zstFrame } from './frame.ts';
import { SeekTable, SeekTableBuilder, seekTableBytes } from './seek-table.ts';
import { SeekableFile } from './seekable-file.ts';

const lengths = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
  {
    maxLength: 50,
  },
);

function build(frames: readonly (readonly [number, number])[]): Buffer {
  const builder = new SeekTableBuilder();
  for (const [bytes, rawBytes] of frames) builder.add(bytes, rawBytes);
  return builder.finish();
}

describe('the seek table', () => {
  it('has the layout of the format', () => {
    const expected = '5e2a4d18' + '11000000' + '07000000' + '09000000' + '01000000' + '00' + 'b1ea928f';
    assert.equal(build([[7, 9]]).toString('hex'), expected);
  });

  it('reads back what was built, and finds the frame of every offset', () => {
    fc.assert(
      fc.property(lengths, (frames) => {
        const table = new SeekTable(build(frames));
        assert.equal(table.frames, frames.length);
        let offset = 0;
        let rawOffset = 0;
        frames.forEach(([bytes, rawBytes], frame) => {
          assert.deepEqual(table.entry(frame), { offset, bytes, rawOffset, rawBytes });
          assert.equal(table.frameAt(rawOffset), frame);
          assert.equal(table.frameAt(rawOffset + rawBytes - 1), frame);
          offset += bytes;
          rawOffset += rawBytes;
        });
        assert.equal(table.frameAt(rawOffset), null);
        assert.equal(table.frameAt(-1), null);
      }),
    );
  });

  it('holds more frames than it first has room for', () => {
    const frames = Array.from({ length: 3000 }, (_, i) => [i + 1, 2 * i + 1] as const);
    assert.equal(new SeekTable(build(frames)).entry(2999).rawBytes, 5999);
  });

  it('is also read with the checksums that others write', () => {
    const hex =
      '5e2a4d18' + '15000000' + '07000000' + '09000000' + 'aabbccdd' + '01000000' + '80' + 'b1ea928f';
    assert.equal(new SeekTable(Buffer.from(hex, 'hex')).entry(0).rawBytes, 9);
  });

  it('is not seen where there is none', () => {
    assert.equal(seekTableBytes(Buffer.alloc(9)), null);
    assert.equal(seekTableBytes(Buffer.alloc(3)), null);
    const table = build([[7, 9]]);
    assert.throws(
      () => new SeekTable(table.subarray(1)),
      (error) => isRotaError(error, 'SEEK_TABLE_INVALID'),
    );
  });
});

describe('frames', () => {
  it('state the size of their content, carry its checksum, and read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (raw) => {
        const frame = zstFrame(Buffer.from(raw));
        assert.equal(frame.rawBytes, raw.length);
        const descriptor = frame.bytes.readUInt8(4);
        assert.ok((descriptor & 4) !== 0, 'checksum');
        assert.ok(descriptor >> 6 > 0 || (descriptor & 0x20) !== 0, 'content size');
        assert.deepEqual(readZstFrame(frame.bytes, raw.length), Buffer.from(raw));
      }),
      { numRuns: 50 },
    );
  });

  it('tell when they are damaged or cut', () => {
    const { bytes } = zstFrame(Buffer.from('revision '.repeat(100)));
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(12) ^ 1, 12);
    for (const bad of [flipped, bytes.subarray(0, -1), Buffer.from('no frame')]) {
      assert.throws(
        () => readZstFrame(bad, 900),
        (error) => isRotaError(error, 'ARCHIVE_DAMAGED'),
      );
    }
  });
});

describe('a seekable file', () => {
  it('gives the frame that holds an offset', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rota-zst-'));
    try {
      const contents = ['first', 'second one', 'third'].map((text) => Buffer.from(text));
      const builder = new SeekTableBuilder();
      const frames = contents.map((raw) => zstFrame(raw));
      for (const { bytes, rawBytes } of frames) builder.add(bytes.length, rawBytes);
      const path = join(folder, 'x.zst');
      await writeFile(path, Buffer.concat([...frames.map((frame) => frame.bytes), builder.finish()]));
      await using file = await SeekableFile.open(path);
      assert.equal((await file.readAt(7))?.raw.toString(), 'second one');
      assert.equal((await file.readAt(19))?.entry.rawOffset, 15);
      assert.equal(await file.readAt(20), null);
      const bare = join(folder, 'bare.zst');
      await writeFile(bare, Buffer.concat(frames.map((frame) => frame.bytes)));
      await assert.rejects(SeekableFile.open(bare), (error) => isRotaError(error, 'SEEK_TABLE_INVALID'));
      await assert.rejects(SeekableFile.open(join(folder, 'none')), (error) =>
        isRotaError(error, 'FILE_UNREADABLE'),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
