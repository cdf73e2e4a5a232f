import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import type { Farm } from './mediawiki/farm.ts';
import type { TestWiki } from './mediawiki/wiki.ts';
import { program } from './requirements.ts';
import { type RotaResult, runRota } from './rota.ts';

/** One date of one wiki in the public tree. */
export interface PublishedDump {
  readonly folder: string;
  /** The path of a file by its name after `<wiki>-<date>-`. */
  file(name: string): string;
}

export function publishedDump(farm: Farm, wiki: TestWiki, date: string): PublishedDump {
  const folder = join(farm.publicFolder, wiki.database, date);
  return { folder, file: (name) => join(folder, `${wiki.database}-${date}-${name}`) };
}

/** Runs `rota dump` to its end. */
export async function runDump(
  farm: Farm,
  wiki: TestWiki,
  date: string,
  args: readonly string[] = [],
): Promise<RotaResult> {
  return await runRota(['dump', wiki.database, '--date', date, ...args], {
    cwd: farm.folder,
    timeoutMs: 240_000,
  });
}

/** Runs `rota dump` and wants it done. */
export async function dumpOf(farm: Farm, wiki: TestWiki, date: string): Promise<PublishedDump> {
  const result = await runDump(farm, wiki, date);
  assert.equal(
    result.status,
    0,
    `rota dump: ${result.stderr.slice(-3000)}${result.stdout.toString().slice(-2000)}`,
  );
  return publishedDump(farm, wiki, date);
}

/** Every file below a folder, as absolute paths. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** What a file holds once decompressed by a program that is not Rota's own code; other files as they are. */
export async function contentOf(path: string): Promise<Buffer> {
  if (path.endsWith('.gz')) return gunzipSync(await readFile(path));
  if (path.endsWith('.bz2')) return await decompress('bzip2', path);
  if (path.endsWith('.zst')) return await decompress('zstd', path);
  return await readFile(path);
}

export async function decompress(name: 'bzip2' | 'lbzip2' | 'zstd', path: string): Promise<Buffer> {
  const options = { encoding: 'buffer', stripFinalNewline: false, maxBuffer: 1 << 30 } as const;
  return Buffer.from((await execa(program(name), ['-d', '-c', path], options)).stdout);
}
