import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { goldenStreams } from '../golden-streams.ts';
import { findFooter, listBlocks } from '../layout.ts';
import { Bz2Splicer } from '../splicer.ts';
import { Bz2BlockFile, type Bz2Step } from './block-file.ts';

const streams = goldenStreams.map(({ stream }) => Buffer.from(stream, 'base64'));
const multistream = Buffer.concat(streams);
const single = (() => {
  const splicer = new Bz2Splicer();
  const parts = streams.map((stream) => splicer.append(stream));
  return Buffer.concat([...parts, splicer.finish()]);
})();
const blocks = goldenStreams.reduce((sum, golden) => sum + golden.blocks, 0);

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rota-blocks-'));
});
after(() => rm(folder, { recursive: true }));

async function opened(bytes: Buffer): Promise<Bz2BlockFile> {
  const path = join(folder, 'file.bz2');
  await writeFile(path, bytes);
  return Bz2BlockFile.open(path);
}

async function walk(bytes: Buffer): Promise<Bz2Step[]> {
  await using file = await opened(bytes);
  const steps: Bz2Step[] = [];
  for await (const step of file.walk()) steps.push(step);
  return steps;
}

const content = (steps: readonly Bz2Step[]) =>
  Buffer.concat(steps.flatMap((step) => (step.kind === 'block' ? [step.block.raw] : [])));

describe('the blocks of a bz2 file', () => {
  it('are the same in one stream and in many', async () => {
    const [many, one] = [await walk(multistream), await walk(single)];
    const kinds = (steps: readonly Bz2Step[], kind: string) =>
      steps.filter((step) => step.kind === kind).length;
    assert.deepEqual([kinds(many, 'block'), kinds(many, 'stream-end')], [blocks, streams.length]);
    assert.deepEqual([kinds(one, 'block'), kinds(one, 'stream-end')], [blocks, 1]);
    assert.ok(content(many).equals(content(one)));
    assert.equal(kinds(many, 'fault') + kinds(one, 'fault'), 0);
  });

  it('are read up to the place where a file was cut, wherever that is', async () => {
    const whole = await walk(single);
    const ends = whole.flatMap((step) => (step.kind === 'block' ? [step.block.endBit] : []));
    const isNearAnEnd = (length: number) => ends.some((end) => Math.abs(end / 8 - length) < 12);
    for (let length = 0; length < single.length; length += isNearAnEnd(length) ? 1 : 17) {
      const steps = await walk(single.subarray(0, length));
      const last = steps.at(-1);
      assert.ok(last?.kind === 'fault' && last.fault.isCut, `${length} bytes`);
      const kept = ends.filter((end) => end <= length * 8).length;
      assert.equal(steps.filter((step) => step.kind === 'block').length, kept, `${length} bytes`);
    }
  });

  it('tell of damage: in a block, between streams, in a footer', async () => {
    const flip = (bytes: Buffer, at: number) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
      return copy;
    };
    const faultOf = async (bytes: Buffer) => {
      const last = (await walk(bytes)).at(-1);
      return last?.kind === 'fault' ? [last.fault.what, last.fault.isCut] : null;
    };
    const [, second = Buffer.alloc(0)] = streams;
    assert.equal((await faultOf(flip(single, 60)))?.[1], false);
    assert.deepEqual(await faultOf(Buffer.concat([second, Buffer.from('more')])), [
      'what stands there is no bz2 stream',
      false,
    ]);
    const bits = second.length * 8 - (findFooter(second)?.bitsFromEnd ?? 0);
    assert.deepEqual(await faultOf(flip(second, (bits >> 3) + 7)), [
      "the stream's combined checksum is wrong",
      false,
    ]);
    assert.deepEqual(await faultOf(flip(second, (bits >> 3) + 2)), [
      'there is neither a block nor the end of the stream',
      false,
    ]);
    assert.equal(await faultOf(second), null);
  });

  it('are found from any bit, forward and backward', async () => {
    const marks = listBlocks(single).map((mark) => mark.bitOffset);
    await using file = await opened(single);
    for (let bit = 0; bit < single.length * 8; bit += 13) {
      const after = marks.find((mark) => mark >= bit) ?? null;
      const before = marks.findLast((mark) => mark < bit) ?? null;
      assert.equal((await file.firstFrom(bit))?.bitOffset ?? null, after, `from ${bit}`);
      assert.equal((await file.lastBefore(bit))?.bitOffset ?? null, before, `before ${bit}`);
    }
  });

  it('are not what merely looks like one', async () => {
    const magic = Buffer.from('314159265359', 'hex');
    const noise = Buffer.concat([magic, Buffer.alloc(30, 7), magic, magic, Buffer.alloc(9)]);
    await using file = await opened(Buffer.concat([noise, single, noise]));
    assert.equal((await file.firstFrom(0))?.bitOffset, noise.length * 8 + 32);
    const last = listBlocks(single).at(-1)?.bitOffset ?? 0;
    assert.equal((await file.lastBefore(file.size * 8))?.bitOffset, noise.length * 8 + last);
  });

  it('follow one another over the ends of streams', async () => {
    await using file = await opened(multistream);
    const found: number[] = [];
    let block = await file.firstFrom(0);
    while (block !== null) {
      found.push(block.bitOffset);
      const next = await file.next(block);
      if (typeof next !== 'number') {
        assert.equal(next, 'end');
        break;
      }
      const following = await file.read(next);
      block = 'raw' in following ? following : null;
    }
    assert.equal(found.length, blocks);
  });
});
