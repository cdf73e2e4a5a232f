import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { goldenStreams } from '../bz2/golden-streams.ts';
import { gzMember } from '../gz/members.ts';
import { zstFrame } from '../zst/frame.ts';
import { SeekTableBuilder } from '../zst/seek-table.ts';
import type { ContainerFormat } from './container.ts';
import { detectFormat, openContainer } from './open-container.ts';

const options = { signal: new AbortController().signal, searchPath: '' };
/** Text that does not compress away, the same in every run. */
const part = (word: string) =>
  Buffer.from(
    Array.from({ length: 30_000 }, (_, i) => `${word} ${((i + 1) ** 3 * 7919) % 1_000_003}\n`).join(''),
  );
const parts = [part('page'), part('revision'), Buffer.from('</mediawiki>\n')];
const content = Buffer.concat(parts);

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rota-read-'));
});
after(() => rm(folder, { recursive: true }));

async function read(bytes: Buffer): Promise<{ format: ContainerFormat; content: Buffer }> {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  const container = await openContainer(path, options);
  const chunks: Buffer[] = [];
  let rawOffset = 0;
  let fileOffset = 0;
  for await (const chunk of container.chunks()) {
    assert.equal(chunk.rawOffset, rawOffset);
    assert.ok(
      chunk.fileOffset !== null && chunk.fileOffset >= fileOffset && chunk.fileOffset <= bytes.length,
    );
    fileOffset = chunk.fileOffset;
    rawOffset += chunk.bytes.length;
    chunks.push(chunk.bytes);
  }
  return { format: container.format, content: Buffer.concat(chunks) };
}

function seekable(): Buffer {
  const builder = new SeekTableBuilder();
  const frames = parts.map((raw) => zstFrame(raw).bytes);
  frames.forEach((bytes, i) => {
    builder.add(bytes.length, parts[i]?.length ?? 0);
  });
  return Buffer.concat([...frames, builder.finish()]);
}

const members = parts.map((raw) => gzMember(raw, { level: 6 }));
const gz = Buffer.concat(members);
const zst = seekable();

describe('reading a dump file', () => {
  it('gives the content of plain, gz and zst files of many parts', async () => {
    assert.deepEqual(await read(content), { format: 'plain', content });
    assert.deepEqual(await read(gz), { format: 'gz', content });
    assert.deepEqual(await read(Buffer.concat([gz, Buffer.alloc(512)])), { format: 'gz', content });
    assert.deepEqual(await read(zst), { format: 'zst', content });
    assert.deepEqual(await read(Buffer.alloc(0)), { format: 'plain', content: Buffer.alloc(0) });
  });

  it('tells formats by their first bytes', () => {
    assert.equal(detectFormat(Buffer.from('BZh91A')), 'bz2');
    assert.equal(detectFormat(Buffer.from('377abcaf271c', 'hex')), '7z');
    assert.equal(detectFormat(Buffer.from('<media')), 'plain');
    assert.equal(detectFormat(Buffer.from('502a4d180000', 'hex')), 'zst');
  });

  const firstGz = members[0]?.length ?? 0;
  const firstZst = zstFrame(parts[0] ?? Buffer.alloc(0)).bytes.length;
  const insert = (bytes: Buffer, at: number) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from('something else'), bytes.subarray(at)]);
  const flip = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 0x55, at);
    return copy;
  };
  const faults: [string, Buffer, number | null][] = [
    ['a gz file cut inside a member', gz.subarray(0, -30), gz.length - 30],
    ['a gz file with something between members', insert(gz, firstGz), firstGz],
    ['a gz file with a flipped byte', flip(gz, firstGz + 5000), null],
    ['a zst file cut inside a frame', zst.subarray(0, firstZst + 1000), firstZst + 1000],
    ['a zst file cut inside a frame header', zst.subarray(0, firstZst + 3), firstZst],
    ['a zst file with something between frames', insert(zst, firstZst), firstZst],
    ['a zst file with a flipped byte', flip(zst, firstZst + 5000), null],
  ];
  for (const [name, bytes, at] of faults) {
    it(`tells of ${name}, and where`, async () => {
      await assert.rejects(read(bytes), (error) => {
        assert.ok(isRotaError(error, 'ARCHIVE_DAMAGED'), String(error));
        // zlib tells the place to the input chunk only.
        const near = Math.abs(Number(error.facts.fileOffset) - (at ?? 0));
        if (at !== null) assert.ok(near <= (name.includes('gz') ? 32 * 1024 : 0), `${near} bytes off`);
        return true;
      });
    });
  }

  it('tells of a missing file, and of a missing program', async () => {
    await assert.rejects(openContainer(join(folder, 'none'), options), (error) =>
      isRotaError(error, 'FILE_UNREADABLE'),
    );
    await assert.rejects(read(Buffer.from('377abcaf271c', 'hex')), (error) =>
      isRotaError(error, 'PROGRAM_MISSING'),
    );
  });

  it('reads bz2 without a program, and tells at which block it breaks off', async () => {
    const streams = goldenStreams.map(({ stream }) => Buffer.from(stream, 'base64'));
    const bz2 = Buffer.concat(streams);
    const first = (await read(bz2)).content;
    assert.ok(first.includes('<page>\n'));
    await assert.rejects(read(bz2.subarray(0, -40)), (error) => {
      assert.ok(isRotaError(error, 'ARCHIVE_DAMAGED'), String(error));
      assert.match(error.message, /block 7: it ends inside a block/);
      return true;
    });
  });

  it('stops with the reason when it is aborted, and when the reader leaves', async () => {
    const path = join(folder, 'aborted');
    for (const bytes of [content, gz, zst]) {
      await writeFile(path, bytes);
      const stop = new AbortController();
      const container = await openContainer(path, { ...options, signal: stop.signal });
      const run = async () => {
        for await (const chunk of container.chunks())
          if (chunk.rawOffset === 0) stop.abort(new Error('enough'));
      };
      await assert.rejects(run, /enough/);
      for await (const chunk of (await openContainer(path, options)).chunks()) {
        assert.ok(chunk.bytes.length > 0);
        break;
      }
    }
  });
});
