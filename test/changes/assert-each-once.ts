import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DayManifest, parseDayManifest } from '../../src/export/changes/day-manifest.ts';
import { openContainer, rawBytes } from '../../src/export/containers/read/open-container.ts';
import { xmlParts } from '../../src/export/scanner/xml-parts.ts';
import type { DaysFarm } from './days-farm.ts';

/** All days are good, and no revision is in the increments of two of them. */
export async function assertEachOnce(farm: DaysFarm, dates: readonly string[]): Promise<void> {
  const increments: number[] = [];
  for (const date of dates) {
    const { status, increment, exact } = await manifestOf(farm, date);
    assert.deepEqual([date, status, exact], [date, 'done', true]);
    const file = join(farm.day(date), `${farm.wiki}-${date}-pages-meta-hist-incr.xml.bz2`);
    const ids = await revisionsOf(file);
    assert.equal(ids.length, increment.revisions);
    increments.push(...ids);
    assert.equal(await readFile(join(farm.day(date), 'status.txt'), 'utf8'), 'done');
  }
  assert.equal(new Set(increments).size, increments.length, 'a revision is in the increments of two days');
}

async function manifestOf(farm: DaysFarm, date: string): Promise<DayManifest> {
  const path = join(farm.day(date), 'changes.json');
  return parseDayManifest(JSON.parse(await readFile(path, 'utf8')), path);
}

async function revisionsOf(path: string): Promise<number[]> {
  const options = { signal: new AbortController().signal, searchPath: process.env.PATH ?? '' };
  const ids: number[] = [];
  for await (const part of xmlParts(rawBytes(await openContainer(path, options)))) {
    if (part.kind === 'revision') ids.push(part.id);
  }
  return ids;
}
