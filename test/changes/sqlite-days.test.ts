// Thirty days of an invented wiki, two of them missed and three whose process was killed: applied to the full dump of
// the first day they give the dump that the database gives on the last.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { type DayManifest, parseDayManifest } from '../../src/export/changes/day-manifest.ts';
import { openContainer, rawBytes } from '../../src/export/containers/read/open-container.ts';
import { xmlParts } from '../../src/export/scanner/xml-parts.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { type Transition, transitionsOf, whenRecorded } from '../faults/run-watch.ts';
import { requires } from '../support/requirements.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { DaysFarm, liveOneDay } from './days-farm.ts';

const dates = Array.from({ length: 30 }, (_, day) => `202601${String(day + 1).padStart(2, '0')}`);
const missed = new Set(['20260108', '20260117']);
const killed = new Map([
  ['20260105', 'state'],
  ['20260113', 'content'],
  ['20260122', 'publish'],
]);

/** What no log tells: a user is renamed, a revision moves to another page, one is hidden, one is shown again. */
function meddle(farm: SqliteFarm, day: number): void {
  if (day % 4 === 0) {
    farm.sql(
      'UPDATE actor SET actor_name = ? WHERE actor_id = (SELECT MIN(actor_id) + ? FROM actor)',
      `Renamed ${day}`,
      day % 3,
    );
  }
  if (day % 5 === 1) {
    farm.sql(
      'UPDATE revision SET rev_page = (SELECT MAX(page_id) FROM page) WHERE rev_id = (SELECT MIN(rev_id) FROM revision WHERE rev_id NOT IN (SELECT page_latest FROM page) AND rev_id > ?)',
      day * 3,
    );
  }
  if (day % 3 === 0) farm.sql('UPDATE revision SET rev_deleted = 1 WHERE rev_id = ?', 20 + day);
  if (day % 3 === 1) farm.sql('UPDATE revision SET rev_deleted = 0 WHERE rev_id = ?', 19 + day);
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

describe('thirty days of changes', { skip: requires('bzip2') }, () => {
  it('with two missed and three killed, applied to the full dump give the dump of the last day', async () => {
    await using folder = await temporaryFolder();
    const wiki = await makeSqliteFarm(folder.path, { outputs: ['history'] });
    const database = join(folder.path, `${wikiName}.sqlite`);
    const farm = await DaysFarm.open(folder.path, wikiName);
    await using _farm = farm;
    await farm.dump('20251231');
    for (const [day, date] of dates.entries()) {
      await liveOneDay(database);
      meddle(wiki, day);
      if (missed.has(date)) continue;
      await farm.mark(date);
      const stage = killed.get(date);
      if (stage !== undefined) await killIn(wiki, farm, date, stage);
      await farm.changes(date);
    }
    const made = dates.filter((date) => !missed.has(date));
    const increments: number[] = [];
    for (const date of made) {
      const { status, increment } = await manifestOf(farm, date);
      assert.equal(status, 'done');
      const ids = await revisionsOf(join(farm.day(date), `${wikiName}-${date}-pages-meta-hist-incr.xml.bz2`));
      assert.equal(ids.length, increment.revisions);
      increments.push(...ids);
      assert.equal(await readFile(join(farm.day(date), 'status.txt'), 'utf8'), 'done');
    }
    assert.equal(new Set(increments).size, increments.length, 'a revision is in the increments of two days');
    const full = join(
      folder.path,
      'public',
      wikiName,
      '20251231',
      `${wikiName}-20251231-pages-meta-history.xml.zst`,
    );
    const output = join(folder.path, 'new.xml');
    const applied = await wiki.rota(
      'changes',
      'apply',
      full,
      ...made.map((date) => farm.day(date)),
      '-o',
      output,
    );
    assert.equal(applied.status, 0, applied.stdout.toString() + applied.stderr);
    const exported = await wiki.rota('export', wikiName, '--full', '--profile', 'text-pass');
    assert.equal(exported.status, 0, exported.stderr);
    assert.equal(await readFile(output, 'utf8'), exported.stdout.toString('utf8'));
  });
});

/** Begins the day in a process of its own, whose lease ends soon, and kills it in a stage. */
async function killIn(wiki: SqliteFarm, farm: DaysFarm, date: string, stage: string): Promise<void> {
  const config = parse(await readFile(join(wiki.folder, 'rota.yaml'), 'utf8')) as object;
  const short = join(wiki.folder, 'short-lease.yaml');
  await writeFile(short, stringify({ ...config, lease: { duration: '3s', renewEvery: '1s' } }));
  const args = ['--config', short, 'changes', 'run', wikiName, '--date', date];
  const started = startRota(args, { cwd: wiki.folder });
  // Stages of earlier days are on record, too.
  const starts = (transitions: readonly Transition[]) =>
    transitions.filter((change) => change.stage === stage && change.to === 'running').length;
  const places = { folder: wiki.folder, publicFolder: '', privateFolder: '' };
  const before = starts(transitionsOf(places));
  assert.ok(await whenRecorded(places, started, (transitions) => starts(transitions) > before), stage);
  signalTree(started, 'SIGKILL');
  await started;
  await farm.untilFree(date);
}
