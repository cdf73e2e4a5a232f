import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { copyShifted } from '../bit-shift.ts';
import { goldenStreams } from '../golden-streams.ts';
import { listBlocks } from '../layout.ts';
import { blockCrc } from './block-crc.ts';
import { Bz2BlockDecoder } from './block-decoder.ts';
import { BlockFault } from './block-fault.ts';
import { mostRawBytes } from './unfold.ts';

const decoder = new Bz2BlockDecoder();
const streams = goldenStreams.map(({ name, stream }) => ({ name, bytes: Buffer.from(stream, 'base64') }));
const twoBlocks = streams.at(-1)?.bytes ?? Buffer.alloc(0);

function decodeAll(stream: Buffer): Buffer {
  return Buffer.concat(listBlocks(stream).map((mark) => decoder.decode(stream, mark.bitOffset).raw));
}

describe('the bz2 block decoder', () => {
  const contents: [string, string][] = [
    ['nothing', ''],
    ['one byte', 'a'],
    ['a tag', '<page>\n'],
  ];
  for (const [name, content] of contents) {
    it(`reads ${name}`, () => {
      const stream = streams.find((golden) => golden.name === name);
      assert.equal(decodeAll(stream?.bytes ?? Buffer.alloc(0)).toString(), content);
    });
  }

  it('tells where each block ends, to the bit', () => {
    const [first, second] = listBlocks(twoBlocks);
    assert.equal(decoder.decode(twoBlocks, first?.bitOffset ?? 0).endBit, second?.bitOffset);
  });

  it('reads a block at every alignment, whatever stands around it', () => {
    const [, second] = listBlocks(twoBlocks);
    const raw = decoder.decode(twoBlocks, second?.bitOffset ?? 0).raw;
    for (let shift = 0; shift < 8; shift += 1) {
      const moved = Buffer.alloc(twoBlocks.length + 4, 0xaa);
      copyShifted(twoBlocks, moved, 1, shift, 0);
      const found = decoder.decode(moved, 8 + shift + (second?.bitOffset ?? 0));
      assert.ok(found.raw.equals(raw), `shifted by ${shift}`);
    }
  });

  it('takes the end of the bytes for a cut, at every length', () => {
    const [first] = listBlocks(twoBlocks);
    const { endBit } = decoder.decode(twoBlocks, first?.bitOffset ?? 0);
    for (let length = 10; length < Math.floor(endBit / 8); length += 1) {
      assert.throws(
        () => decoder.decode(twoBlocks.subarray(0, length), 32),
        (error) => error instanceof BlockFault && error.kind === 'cut',
        `${length} bytes`,
      );
    }
  });

  it('gives a block with flipped bits unchanged (where they mean nothing) or not at all', () => {
    const [first] = listBlocks(twoBlocks);
    const { endBit, raw } = decoder.decode(twoBlocks, first?.bitOffset ?? 0);
    const flips = fc.array(fc.nat(endBit - 32 - 48 - 1), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(flips, (places) => {
        const bytes = Buffer.from(twoBlocks);
        for (const place of new Set(places)) {
          const at = 32 + 48 + place;
          bytes.writeUInt8(bytes.readUInt8(at >> 3) ^ (0x80 >> (at & 7)), at >> 3);
        }
        try {
          // Not every bit counts: codes of symbols that do not occur may have any length.
          assert.ok(decoder.decode(bytes, 32).raw.equals(raw));
        } catch (error) {
          if (!(error instanceof BlockFault)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads random bytes without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 3000 }), fc.nat(7), (bytes, shift) => {
        try {
          assert.ok(decoder.decode(Buffer.from(bytes), shift).raw.length <= mostRawBytes);
        } catch (error) {
          if (!(error instanceof BlockFault)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a block's checksum", () => {
  it('is that of the specification', () => {
    // The check value of CRC-32/BZIP2 for "123456789".
    assert.equal(blockCrc(Buffer.from('123456789')), 0xfc891918);
    assert.equal(blockCrc(Buffer.alloc(0)), 0);
  });

  it('does not depend on where four bytes begin', () => {
    const bitwise = (bytes: Uint8Array) => {
      let crc = 0xffffffff;
      for (const byte of bytes) {
        crc ^= byte << 24;
        for (let i = 0; i < 8; i += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
      }
      return ~crc >>> 0;
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => blockCrc(bytes) === bitwise(bytes)));
  });
});
