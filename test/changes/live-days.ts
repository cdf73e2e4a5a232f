import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { assertSameBytes } from '../reference/same-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { assertEachOnce } from './assert-each-once.ts';
import { DaysFarm, liveOneDay } from './days-farm.ts';
import { killIn } from './kill-in.ts';

export interface Life {
  readonly days: number;
  /** Days, counted from 0, on which nothing was done. */
  readonly missed: readonly number[];
  /** Days whose process was killed in a stage. */
  readonly killed: Readonly<Record<number, string>>;
}

/**
 * Long before the wiki was founded: no revision is of such a day, so that the mark of a missed day, which all of them
 * are by now, is the greatest revision.
 */
const dateOf = (day: number): string => `200101${String(day + 1).padStart(2, '0')}`;

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

/**
 * Lets a wiki live, dumps its days, and applies them all to the full dump of before: that must be the dump that the
 * database gives now.
 */
export async function liveAndApply({ days, missed, killed }: Life): Promise<void> {
  await using folder = await temporaryFolder();
  const wiki = await makeSqliteFarm(folder.path, { outputs: ['history'] });
  const database = join(folder.path, `${wikiName}.sqlite`);
  await using farm = await DaysFarm.open(folder.path, wikiName);
  const fullDate = '20001231';
  await farm.dump(fullDate);
  const made: string[] = [];
  for (let day = 0; day < days; day++) {
    await liveOneDay(database);
    meddle(wiki, day);
    if (missed.includes(day)) continue;
    const date = dateOf(day);
    await farm.mark(date);
    const stage = killed[day];
    if (stage !== undefined) await killIn(wiki.folder, farm, date, stage);
    // A quick machine may have ended the stage, and the day, before the blow fell.
    if (!(await farm.isDone(date))) await farm.changes(date);
    made.push(date);
  }
  await assertEachOnce(farm, made);
  const name = `${wikiName}-${fullDate}-pages-meta-history.xml.zst`;
  const full = join(folder.path, 'public', wikiName, fullDate, name);
  const output = join(folder.path, 'new.xml');
  const folders = made.map((date) => farm.day(date));
  const applied = await wiki.rota('changes', 'apply', full, ...folders, '-o', output);
  assert.equal(applied.status, 0, applied.stdout.toString() + applied.stderr);
  const exported = await wiki.rota('export', wikiName, '--full', '--profile', 'text-pass');
  assert.equal(exported.status, 0, exported.stderr);
  assertSameBytes(await readFile(output), exported.stdout, 'the dump that was brought up to date');
}
