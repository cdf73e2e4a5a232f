import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRotaError } from '../core/errors/rota-error.ts';
import { zstFrame } from '../export/containers/zst/frame.ts';
import { SeekTableBuilder } from '../export/containers/zst/seek-table.ts';
import { catPages } from './cat-pages.ts';
import { openSource } from './dump-source.ts';
import { findPageById } from './find/find-page.ts';
import { dumpXml, somePages } from './testing/small-dump.ts';

const pages = somePages(40);
const content = Buffer.from(dumpXml(pages));
const frameBytes = 3000;
const frames = Array.from({ length: Math.ceil(content.length / frameBytes) }, (_, at) =>
  zstFrame(content.subarray(at * frameBytes, (at + 1) * frameBytes)),
);

/** A seekable zst file, of which some frames fail their checksum. */
function seekable(damaged: readonly number[]): Buffer {
  const table = new SeekTableBuilder();
  const written = frames.map(({ bytes, rawBytes }, at) => {
    table.add(bytes.length, rawBytes);
    const copy = Buffer.from(bytes);
    if (damaged.includes(at)) copy.writeUInt8(copy.readUInt8(copy.length - 1) ^ 1, copy.length - 1);
    return copy;
  });
  return Buffer.concat([...written, table.finish()]);
}

describe('cat of some pages of a damaged dump', () => {
  let path: string;
  before(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'rota-cat-')), 'd.xml');
  });
  after(() => rm(join(path, '..'), { recursive: true }));

  const tools = { signal: new AbortController().signal, searchPath: '', threads: 1, stdin: nothing() };
  async function* nothing(): AsyncGenerator<Buffer, void, void> {}

  /** The XML, or the code of the error. */
  async function cat(file: Buffer, id: number): Promise<string> {
    await writeFile(path, file);
    const parts: Buffer[] = [];
    try {
      for await (const bytes of catPages(await openSource('d.xml', path, tools), { from: id, to: id }))
        parts.push(bytes);
    } catch (error) {
      assert.ok(isRotaError(error), String(error));
      return error.code;
    }
    return Buffer.concat(parts).toString();
  }
  const alone = (id: number) => dumpXml(pages.filter((page) => page.id === id));

  it('gives head and page, or an error where one of them is damaged, never less', async () => {
    const [whole, none] = [alone(60), dumpXml([])];
    assert.equal(await cat(seekable([]), 60), whole);
    for (let at = 0; at < frames.length; at += 1) {
      for (const id of [2, 3, 9, 60, 61, 118, 120, 121]) {
        const found = await cat(seekable([at]), id);
        const isRight = found === alone(id) || (id % 3 !== 0 && found === none);
        assert.ok(isRight || found === 'ARCHIVE_DAMAGED', `frame ${at}, page ${id}: ${found.slice(0, 200)}`);
        if (at === 0) assert.equal(found, 'ARCHIVE_DAMAGED', `page ${id}, without its head`);
      }
    }
  });

  it('is refused where the dump has no head, or there is no dump', async () => {
    for (const start of [content.indexOf('  <page>'), content.length]) {
      for (const id of [1, 3, 60, 500]) assert.equal(await cat(content.subarray(start), id), 'XML_DAMAGED');
    }
  });

  it('is refused for a page with a hole that takes its end, or the end of a revision', async () => {
    const [start, end] = [content.indexOf('<id>60</id>'), content.indexOf('<title>Page 63<')];
    for (const what of ['</page>', '</revision>']) {
      const at = content.indexOf(what, start);
      assert.ok(at < end);
      const holed = Buffer.concat([content.subarray(0, at), content.subarray(at + what.length)]);
      assert.equal(await cat(holed, 60), 'XML_DAMAGED', what);
      assert.equal(await cat(holed, 63), alone(63), what);
    }
  });

  it('lets a page that may be in what is damaged not count as one that is not there', async () => {
    const frame = Math.floor(content.indexOf('<id>60</id>') / frameBytes);
    await writeFile(path, seekable([frame - 1, frame, frame + 1]));
    const source = await openSource('d.xml', path, tools);
    await assert.rejects(findPageById(source, 60), /d\.xml has no page 60 in what could be read of it/);
    await assert.rejects(findPageById(source, 500), /d\.xml has no page 500\./);
  });
});
