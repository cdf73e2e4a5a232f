import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { goldenStreams } from './golden-streams.ts';
import { combineCrcs, findFooter, foldCrc, listBlocks } from './layout.ts';
import { Bz2Splicer } from './splicer.ts';

const streams = goldenStreams.map(({ stream, blocks }) => ({ bytes: Buffer.from(stream, 'base64'), blocks }));
const someStreams = fc.array(fc.constantFrom(...streams), { maxLength: 12 });

function splice(parts: readonly { bytes: Buffer; blocks?: number }[]): Buffer {
  const splicer = new Bz2Splicer();
  const written = parts.map(({ bytes, blocks }) =>
    splicer.append(bytes, blocks === undefined ? {} : { blocks }),
  );
  return Buffer.concat([...written, splicer.finish()]);
}

const bitsOf = (bytes: Buffer) => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');

/** The same by the definition of the format, on strings of bits: slow, and written without the code under test. */
function spliceByDefinition(parts: readonly Buffer[]): Buffer {
  const blockMagic = bitsOf(Buffer.from('314159265359', 'hex'));
  const footerMagic = bitsOf(Buffer.from('177245385090', 'hex'));
  let crc = 0n;
  let out = bitsOf(Buffer.from('BZh9'));
  for (const part of parts) {
    const bits = bitsOf(part);
    const payload = bits.slice(32, bits.lastIndexOf(footerMagic));
    for (let at = payload.indexOf(blockMagic); at >= 0; at = payload.indexOf(blockMagic, at + 1)) {
      const blockCrc = BigInt(`0b${payload.slice(at + 48, at + 80)}`);
      crc = (((crc << 1n) | (crc >> 31n)) & 0xffffffffn) ^ blockCrc;
    }
    out += payload;
  }
  out += footerMagic + crc.toString(2).padStart(32, '0');
  out = out.padEnd(Math.ceil(out.length / 8) * 8, '0');
  return Buffer.from(out.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}

describe('splicing bz2 streams', () => {
  it('gives what the format defines, for any streams in any order', () => {
    fc.assert(
      fc.property(someStreams, fc.boolean(), (parts, tellBlocks) => {
        const expected = spliceByDefinition(parts.map((part) => part.bytes));
        assert.deepEqual(splice(tellBlocks ? parts : parts.map(({ bytes }) => ({ bytes }))), expected);
      }),
      { numRuns: 150 },
    );
  });

  it('gives the golden stream, which decoders were shown to read as one', () => {
    const spliced = splice(streams);
    assert.equal(listBlocks(spliced).length, 7);
    assert.equal(
      createHash('sha256').update(spliced).digest('hex'),
      '1356100b325a3fe07c5e72cc2b84be4c0d85b8d85db73ffadd17bac560303391',
    );
  });

  it('is associative: pieces spliced apart, then together, give the same', () => {
    fc.assert(
      fc.property(fc.array(someStreams, { maxLength: 5 }), (pieces) => {
        const apart = pieces.map((parts) => {
          const blocks = parts.reduce((sum, part) => sum + part.blocks, 0);
          return { bytes: splice(parts), blocks };
        });
        assert.deepEqual(splice(apart), splice(pieces.flat()));
      }),
      { numRuns: 60 },
    );
  });

  it('takes a stream in chunks cut anywhere', () => {
    const piece = splice([...streams, ...streams]);
    const first = streams[3]?.bytes ?? Buffer.alloc(0);
    const whole = splice([{ bytes: first }, { bytes: piece }]);
    fc.assert(
      fc.property(fc.array(fc.nat(piece.length), { maxLength: 30 }), (cuts) => {
        const splicer = new Bz2Splicer();
        const out = [splicer.append(first)];
        const places = [0, ...cuts.sort((a, b) => a - b), piece.length];
        places.slice(1).forEach((end, i) => {
          out.push(splicer.write(piece.subarray(places[i], end)));
        });
        out.push(splicer.end(14), splicer.finish());
        assert.deepEqual(Buffer.concat(out), whole);
      }),
      { numRuns: 100 },
    );
  });

  it('goes on from a stored state', () => {
    let state = new Bz2Splicer().state;
    const out: Buffer[] = [];
    for (const { bytes } of streams) {
      const splicer = new Bz2Splicer(JSON.parse(JSON.stringify(state)));
      out.push(splicer.append(bytes));
      state = splicer.state;
    }
    out.push(new Bz2Splicer(state).finish());
    assert.deepEqual(Buffer.concat(out), splice(streams));
    assert.equal(state.bytes, Buffer.concat(out.slice(0, -1)).length);
  });

  it('of nothing is an empty bz2 file', () => {
    assert.equal(splice([]).toString('base64'), goldenStreams[0]?.stream);
  });

  it('refuses what is no complete stream, and stays usable', () => {
    const good = streams[2]?.bytes ?? Buffer.alloc(0);
    const splicer = new Bz2Splicer();
    const start = splicer.append(good);
    const flipped = Buffer.from(good);
    flipped.writeUInt8(flipped.readUInt8(12) ^ 1, 12);
    const bad = [
      Buffer.alloc(0),
      Buffer.from('BZh9'),
      good.subarray(0, -4),
      good.subarray(1),
      flipped,
      Buffer.alloc(40),
    ];
    for (const bytes of bad) {
      assert.throws(
        () => splicer.append(bytes),
        (error) => isRotaError(error, 'BZ2_STREAM_INVALID'),
      );
    }
    for (const bytes of [Buffer.alloc(0), Buffer.from('BZh9'), good.subarray(0, -4), Buffer.alloc(40)]) {
      assert.throws(
        () => splicer.append(bytes, { blocks: 1 }),
        (error) => isRotaError(error, 'BZ2_STREAM_INVALID'),
      );
    }
    for (const [bytes, blocks] of [
      [good, 0],
      [streams[0]?.bytes ?? good, 1],
      [streams[6]?.bytes ?? good, 1],
    ] as const) {
      assert.throws(() => splicer.append(bytes, { blocks }), /was said to hold/);
    }
    const rest = [splicer.append(good), splicer.finish()];
    assert.deepEqual(Buffer.concat([start, ...rest]), splice([{ bytes: good }, { bytes: good }]));
  });
});

it('combined CRCs add up without walking the blocks', () => {
  const crcs = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 80 });
  fc.assert(
    fc.property(crcs, crcs, (a, b) => {
      const fold = (all: number[]) => all.reduce(foldCrc, 0);
      assert.equal(combineCrcs(fold(a), fold(b), b.length), fold([...a, ...b]));
    }),
  );
});

for (const { name, blocks, stream } of goldenStreams) {
  it(`sees the blocks and the footer of ${name}`, () => {
    const bytes = Buffer.from(stream, 'base64');
    const list = listBlocks(bytes);
    assert.equal(list.length, blocks);
    assert.equal(findFooter(bytes)?.combinedCrc, list.map((block) => block.crc).reduce(foldCrc, 0));
  });
}
