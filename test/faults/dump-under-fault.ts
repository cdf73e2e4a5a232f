import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { endLeases } from '../support/end-leases.ts';
import { type Farm, type FarmSettings, writeFarm } from '../support/mediawiki/farm.ts';
import type { TestWiki } from '../support/mediawiki/wiki.ts';
import { contentOf, filesBelow, publishedDump, runDump } from '../support/published.ts';
import type { RotaResult } from '../support/rota.ts';

export const faultDate = '20200601';

/** A farm whose pieces are small; its leases are longer than a busy machine keeps one from renewing. */
export async function faultFarm(folder: string, wiki: TestWiki, settings: FarmSettings = {}): Promise<Farm> {
  return await writeFarm(folder, [wiki], {
    ...settings,
    farm: { lease: { duration: '60s', renewEvery: '1s' }, ...settings.farm },
    fullDump: { piece: { size: '256KiB', revisions: 150 }, ...settings.fullDump },
  });
}

/** Takes over what a dead worker held, and wants the dump done. */
export async function resumeDump(farm: Farm, wiki: TestWiki): Promise<void> {
  endLeases(farm.folder);
  assertDone(await runDump(farm, wiki, faultDate));
}

export function assertDone(result: RotaResult): void {
  assert.equal(result.status, 0, `${result.stderr.slice(-3000)}${result.stdout.toString().slice(-2000)}`);
}

/** What the files of a published date hold, by name: equal for two dumps of one wiki, however they came about. */
export async function contentsOf(farm: Farm, wiki: TestWiki): Promise<Readonly<Record<string, string>>> {
  const { folder } = publishedDump(farm, wiki, faultDate);
  const data = (await filesBelow(folder)).filter((path) =>
    /\.(xml|sql|txt)\.(gz|bz2|zst)$|titles.*\.gz$/.test(path),
  );
  assert.ok(data.length > 8, `${data.length} files in ${folder}`);
  const entries = data.map(async (path) => [basename(path), digest(await contentOf(path))] as const);
  return Object.fromEntries((await Promise.all(entries)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every published file as it lies there, by name. */
export async function bytesOf(farm: Farm, wiki: TestWiki): Promise<Readonly<Record<string, string>>> {
  const paths = await filesBelow(publishedDump(farm, wiki, faultDate).folder);
  const entries = paths.map(async (path) => [basename(path), digest(await readFile(path))] as const);
  return Object.fromEntries((await Promise.all(entries)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function digest(bytes: Buffer): string {
  return `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
}
