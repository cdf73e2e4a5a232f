import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Random } from '../../src/core/random.ts';
import { Bz2Compressor, findBz2Program } from '../../src/export/containers/bz2/compressor.ts';
import { startsStream } from '../../src/export/containers/bz2/layout.ts';
import { MultistreamWriter } from '../../src/export/containers/bz2/multistream.ts';
import { Bz2Splicer } from '../../src/export/containers/bz2/splicer.ts';
import { median } from '../measure/statistics.ts';

export interface BuiltDump {
  readonly path: string;
  /** Of a multistream file. */
  readonly index: string | null;
  readonly pages: number;
  readonly sizeBytes: number;
}

const head =
  '<mediawiki version="0.11" xml:lang="en">\n  <siteinfo>\n    <sitename>Bench</sitename>\n  </siteinfo>\n';
/** Compressed apart and used again and again: what is searched for is only in what stands between. */
const fillers = 16;
const fillersOfPage = 3;
const fillerBytes = 880_000;

/** Ids leave gaps, as those of deleted pages do. */
export const idOf = (page: number): number => page * 3;
export const titleOf = (page: number): string => `Page number ${page}`;

/**
 * A bz2 history of a size, quickly: pages of three blocks of revisions, of which only the head is compressed for itself.
 * In one stream the blocks begin at any bit, as in the field's files; in many, each block is a stream.
 */
export async function buildHistory(
  path: string,
  kind: 'one stream' | 'multistream',
  sizeBytes: number,
): Promise<BuiltDump> {
  const program = await findBz2Program(process.env.PATH ?? '');
  const signal = new AbortController().signal;
  const compressor = new Bz2Compressor({ program, concurrency: availableParallelism(), signal });
  const compress = (text: string) => compressor.compress(Buffer.from(text));
  const random = new Random(1, 'find-page');
  const words = Array.from({ length: 4000 }, () => word(random));
  const texts = await Promise.all(
    Array.from({ length: fillers }, (_, at) => compress(revisions(random, words, at))),
  );
  const out = createWriteStream(path);
  const splicer = new Bz2Splicer();
  const layout = new MultistreamWriter();
  const lines: Buffer[] = [];
  let written = 0;
  const add = async (stream: Buffer, page: number | null) => {
    const bytes = kind === 'one stream' ? splicer.append(stream, { blocks: 1 }) : stream;
    lines.push(layout.add(stream, page === null ? [] : [{ id: idOf(page), title: titleOf(page) }]));
    written += bytes.length;
    if (!out.write(bytes)) await once(out, 'drain');
  };
  await add((await compress(head)).stream, null);
  let page = 0;
  const pages = Math.ceil(sizeBytes / (fillersOfPage * median(texts.map(({ stream }) => stream.length))));
  for await (const stream of compressEach(Array.from({ length: pages }, (_, at) => opening(at + 1)))) {
    page += 1;
    await add(stream, page);
    for (let at = 0; at < fillersOfPage; at += 1)
      await add(texts[random.below(fillers)]?.stream ?? Buffer.alloc(0), null);
  }
  await add((await compress('  </page>\n</mediawiki>\n')).stream, null);
  if (kind === 'one stream') out.write(splicer.finish());
  out.end();
  await finished(out);
  if (kind === 'one stream') return { path, index: null, pages: page, sizeBytes: written };
  const index = path.replace('-multistream.xml', '-multistream-index.txt');
  const indexOut = createWriteStream(index);
  indexOut.end((await compressor.compress(Buffer.concat(lines))).stream);
  await finished(indexOut);
  return { path, index, pages: page, sizeBytes: written };
}

/** What stands between the revisions of two pages. */
function opening(page: number): string {
  const before = page === 1 ? '' : '  </page>\n';
  return `${before}  <page>\n    <title>${titleOf(page)}</title>\n    <ns>0</ns>\n    <id>${idOf(page)}</id>\n`;
}

/** Thousands of tiny streams: bzip2 writes one for each of the files that it is given. */
async function* compressEach(texts: readonly string[]): AsyncGenerator<Buffer, void, void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-find-page-'));
  try {
    for (let from = 0; from < texts.length; from += 1000) {
      const names = texts.slice(from, from + 1000).map((text, at) => {
        const name = String(from + at);
        writeFileSync(join(folder, name), text);
        return name;
      });
      const options = { cwd: folder, maxBuffer: 1 << 28 };
      const all = execFileSync('bzip2', ['-9', '-c', ...names], options);
      let start = 0;
      for (let at = 4; at <= all.length; at += 1) {
        if (at < all.length && !startsStream(all.subarray(at, at + 10))) continue;
        yield all.subarray(start, at);
        start = at;
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The XML of many small pages, as of articles: some two hundred to a block. */
export async function writeArticles(path: string, pages: number): Promise<void> {
  const random = new Random(2, 'find-page');
  const words = Array.from({ length: 20_000 }, () => word(random));
  const out = createWriteStream(path);
  out.write(head);
  for (let page = 1; page <= pages; page += 1) {
    const text = sentence(random, words, 600 + random.below(6_000));
    const xml = `  <page>\n    <title>${titleOf(page)}</title>\n    <ns>0</ns>\n    <id>${idOf(page)}</id>\n${revision(page, text)}  </page>\n`;
    if (!out.write(xml)) await once(out, 'drain');
  }
  out.end('</mediawiki>\n');
  await finished(out);
}

function revisions(random: Random, words: readonly string[], first: number): string {
  let xml = '';
  for (let id = first * 1000 + 1; xml.length < fillerBytes; id += 1) {
    xml += revision(
      id,
      sentence(random, words, Math.min(18_000, Math.max(100, fillerBytes - xml.length - 400))),
    );
  }
  return xml;
}

function revision(id: number, text: string): string {
  return `    <revision>\n      <id>${id}</id>\n      <timestamp>2026-01-02T03:04:05Z</timestamp>\n      <contributor>\n        <username>A</username>\n        <id>1</id>\n      </contributor>\n      <model>wikitext</model>\n      <format>text/x-wiki</format>\n      <text bytes="${text.length}" xml:space="preserve">${text}</text>\n      <sha1>x</sha1>\n    </revision>\n`;
}

function sentence(random: Random, words: readonly string[], length: number): string {
  let text = '';
  // Few words are frequent, as in a language.
  while (text.length < length) text += `${words[Math.floor(random.float() ** 3 * words.length)]} `;
  return text;
}

function word(random: Random): string {
  return Array.from({ length: random.between(2, 10) }, () =>
    String.fromCharCode(random.between(97, 122)),
  ).join('');
}
