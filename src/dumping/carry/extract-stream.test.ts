import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { goldenStreams } from '../../export/containers/bz2/golden-streams.ts';
import { findFooter, listBlocks } from '../../export/containers/bz2/layout.ts';
import { Bz2Splicer } from '../../export/containers/bz2/splicer.ts';
import { extractStream } from './extract-stream.ts';

const streams = goldenStreams
  .filter(({ blocks }) => blocks > 0)
  .map(({ stream, blocks }) => ({ stream: Buffer.from(stream, 'base64'), blocks }));

test('whatever is spliced into one stream, at any bit, is taken out of it again as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...streams), { minLength: 1, maxLength: 12 }), (chosen) => {
      const splicer = new Bz2Splicer();
      const parts: Buffer[] = [];
      const places = chosen.map(({ stream, blocks }) => {
        const offset = () => Math.max(32, splicer.state.bytes * 8 + splicer.state.carryBits);
        const at = offset();
        parts.push(splicer.append(stream, { blocks }));
        return { at, bits: offset() - at, crc: findFooter(stream)?.combinedCrc ?? 0 };
      });
      const file = Buffer.concat([...parts, splicer.finish()]);
      for (const [index, { at, bits, crc }] of places.entries()) {
        const bytes = file.subarray(Math.floor(at / 8), Math.ceil((at + bits) / 8));
        const taken = extractStream(bytes, { skip: at % 8, bits, crc });
        const { stream, blocks } = chosen[index] ?? { stream: Buffer.alloc(0), blocks: 0 };
        // The level in the header may be another: it is only the most that a block may hold.
        assert.ok(taken.subarray(4).equals(stream.subarray(4)));
        assert.equal(taken.toString('latin1', 0, 4), 'BZh9');
        assert.equal(listBlocks(taken).length, blocks);
      }
    }),
  );
});
