import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { execa } from 'execa';
import { type FarmWiki, farmWikis } from '../../src/demo/farm/farm-wikis.ts';
import { program } from '../support/requirements.ts';

/** The usual wikis, small enough for a dump of a second or two. */
export const smallWikis: readonly FarmWiki[] = farmWikis.map((wiki) => ({
  ...wiki,
  options: { ...wiki.options, pages: 60, revisions: 300, meanBytes: 800 },
}));

export const wikiNames: readonly string[] = farmWikis.map((wiki) => wiki.options.name);

/** The published dates of a wiki of a farm, oldest first. */
export async function datesOf(farm: string, wiki: string): Promise<readonly string[]> {
  const names = await readdir(join(farm, 'public', wiki));
  return names.filter((name) => /^\d{8}$/.test(name)).toSorted();
}

/** What is in a public file; bz2 needs bzip2 or lbzip2, which is there if Rota wrote such files. */
export async function plainContent(path: string): Promise<Buffer> {
  if (path.endsWith('.gz')) return gunzipSync(await readFile(path));
  if (path.endsWith('.zst')) return zstdContent(await readFile(path));
  if (!path.endsWith('.bz2')) return await readFile(path);
  const { stdout } = await execa(program('bzip2', 'lbzip2'), ['-dc', path], {
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: 1 << 28,
  });
  return Buffer.from(stdout);
}

/** All frames: Node itself decompresses the first one only. */
function zstdContent(file: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let rest = file; rest.length > 0; ) {
    const isSkippable = (rest.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50;
    if (isSkippable) {
      rest = rest.subarray(8 + rest.readUInt32LE(4));
      continue;
    }
    const { buffer, engine } = zstdDecompressSync(rest, { info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    parts.push(buffer);
    rest = rest.subarray(engine.bytesWritten);
  }
  return Buffer.concat(parts);
}
