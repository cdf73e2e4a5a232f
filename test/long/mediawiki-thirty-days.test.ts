// Thirty days of a real MediaWiki, two missed and three killed: all days applied give the dump of the last, whether the
// full dump is made from nothing or carried over from the one before; and those two hold the same bytes.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { PageChange, PageChangeKind } from '../../src/export/changes/page-change.ts';
import { assertEachOnce } from '../changes/assert-each-once.ts';
import { DaysFarm } from '../changes/days-farm.ts';
import { killIn } from '../changes/kill-in.ts';
import { rotaExport } from '../reference/export-pair.ts';
import { assertSameBytes } from '../reference/same-bytes.ts';
import { type Farm, writeFarm } from '../support/mediawiki/farm.ts';
import { createMediaWiki, liveMediaWikiDay, type TestWiki } from '../support/mediawiki/wiki.ts';
import { contentOf, publishedDump, runDump } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const dayCount = 30;
/** Nothing is done on these; the last but one is made up for on the last by `rota changes catch-up`. */
const missed = [11, 29];
const killed: Readonly<Record<number, string>> = { 5: 'state', 14: 'content', 22: 'publish' };
/** Before the first day and after these there is a full dump. */
const dumped = [6, 13, 20, 27];

const dayMs = 86_400_000;
const skewedClock = pathToFileURL(join(import.meta.dirname, '../support/skewed-clock.mjs')).href;
const now = Date.now();
/** Day 30 was the day before yesterday: no revision is of these days, so a mark is the greatest revision of its moment. */
const dateOf = (day: number): string =>
  new Date(now - (dayCount - day + 2) * dayMs).toISOString().slice(0, 10).replaceAll('-', '');

describe('thirty days of a MediaWiki', { skip: requires('mariadb', 'mediawiki', 'bzip2', 'zstd') }, () => {
  let wiki: TestWiki;
  let folder: TemporaryFolder;
  let carrying: Farm;
  let anew: Farm;
  let days: DaysFarm;
  const made: string[] = [];
  /** What the database gives when a full dump is made, and at the end. */
  let last: Buffer;

  before(async () => {
    wiki = await createMediaWiki('thirty_days', { compress: true, renames: true });
    folder = await temporaryFolder();
    const fullDump = {
      outputs: ['stubs', 'articles', 'multistream', 'current', 'history'],
      compression: { articles: 'bz2', current: 'zst', history: ['bz2', 'zst'] },
      ...{ keep: 10, piece: { size: '256KiB' }, bundle: { zst: '2KiB', bz2: '4KiB' }, shrinkGuard: 'off' },
    };
    carrying = await writeFarm(folder.in('carrying'), [wiki], {
      fullDump: { ...fullDump, carryOver: { recheck: 'off' } },
    });
    anew = await writeFarm(folder.in('anew'), [wiki], { fullDump: { ...fullDump, bundle: {}, piece: {} } });
    await liveMediaWikiDay(wiki, 0);
    days = await DaysFarm.open(carrying.folder, wiki.database);
    await dumpBoth(dateOf(0));
    for (let day = 1; day <= dayCount; day++) {
      await liveMediaWikiDay(wiki, day);
      if (missed.includes(day)) continue;
      if (day === dayCount) await catchUp();
      else await makeDay(day);
      if (dumped.includes(day)) await dumpBoth(dateOf(day));
    }
    last = await rotaExport(carrying, wiki, ['--full', '--profile', 'text-pass']);
  });
  after(async () => {
    await days?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
    await wiki?.[Symbol.asyncDispose]();
  });

  async function makeDay(day: number): Promise<void> {
    const date = dateOf(day);
    await days.mark(date);
    const stage = killed[day];
    if (stage !== undefined) await killIn(carrying.folder, days, date, stage);
    if (!(await days.isDone(date))) await days.changes(date);
    made.push(date);
  }

  /** Two days at once, oldest first; what is younger (yesterday) waits for its delay. */
  async function catchUp(): Promise<void> {
    // On the day on which this test began: it may be the next one by now.
    const env = { NODE_OPTIONS: `--import=${skewedClock}`, ROTA_TEST_SKEW_MS: String(now - Date.now()) };
    const done = await runRota(['changes', 'catch-up', wiki.database], { cwd: carrying.folder, env });
    const said = done.stdout.toString();
    const dates = [dateOf(dayCount - 1), dateOf(dayCount)];
    const order = [...said.matchAll(/^changes\/thirty_days\/(\d{8}) done$/gm)].map(([, date]) => date);
    assert.deepEqual(order, dates, said + done.stderr);
    made.push(...dates);
  }

  async function dumpBoth(date: string): Promise<void> {
    for (const [farm, args] of [
      [carrying, []],
      [anew, ['--no-carry-over']],
    ] as const) {
      const { status, stderr } = await runDump(farm, wiki, date, args);
      assert.equal(status, 0, stderr);
    }
  }

  const historyOf = (date: string) => publishedDump(carrying, wiki, date).file('pages-meta-history.xml.zst');

  async function apply(full: string, dates: readonly string[]): Promise<Buffer> {
    const output = folder.in(`applied-to-${full}.xml`);
    const folders = dates.map((date) => days.day(date));
    const applied = await runRota(['changes', 'apply', historyOf(full), ...folders, '-o', output], {
      cwd: carrying.folder,
    });
    assert.equal(applied.status, 0, applied.stdout.toString().slice(-2000) + applied.stderr);
    return await contentOf(output);
  }

  it('are all good, and no revision is in the increments of two of them', async () => {
    assert.equal(made.length, dayCount - 1);
    await assertEachOnce(days, made);
  });

  it('applied to the first full dump give what the database gives on the last day', async () => {
    assertSameBytes(await apply(dateOf(0), made), last, 'the first dump, brought up to date');
  });

  it('applied to each later full dump, from the day after it, give the same', async () => {
    for (const day of dumped) {
      const from = made.filter((date) => date > dateOf(day));
      assertSameBytes(await apply(dateOf(day), from), last, `the dump of day ${day}, brought up to date`);
    }
  });

  it('have full dumps that hold, carried over, the bytes of those from nothing', async () => {
    for (const day of [0, ...dumped]) {
      const date = dateOf(day);
      const [carried, fresh] = [publishedDump(carrying, wiki, date), publishedDump(anew, wiki, date)];
      const names = (await readdir(carried.folder)).filter((name) => /\.xml\.(gz|bz2|zst)$/.test(name));
      assert.equal(names.length, 3 + 2 + 1 + 2);
      for (const name of names) {
        const undated = name.slice(`${wiki.database}-${date}-`.length);
        assertSameBytes(
          await contentOf(carried.file(undated)),
          await contentOf(fresh.file(undated)),
          `${undated} of day ${day}`,
        );
      }
    }
  });

  it('brought over something of each full dump to the next', async () => {
    for (const day of dumped) {
      const run = `full-dump/${wiki.database}/${dateOf(day)}`;
      const shown = await runRota(['run', 'show', run, '--json'], { cwd: carrying.folder });
      const { stages } = JSON.parse(shown.stdout.toString()) as {
        readonly stages: readonly {
          readonly name: string;
          readonly summary?: {
            readonly carried: { readonly copiedBundles: number; readonly carriedTexts: number };
          };
        }[];
      };
      const carried = stages.find(({ name }) => name === 'content')?.summary?.carried;
      assert.ok(
        carried && carried.copiedBundles > 0 && carried.carriedTexts > 0,
        `${day}: ${JSON.stringify(carried)}`,
      );
    }
  });

  it('tell every kind of change, and by whom and why where the public log tells', async () => {
    const records: PageChange[] = [];
    for (const date of made) {
      const path = join(days.day(date), `${wiki.database}-${date}-page-changes.jsonl.gz`);
      const lines = (await contentOf(path)).toString().trimEnd().split('\n');
      records.push(...lines.map((line) => JSON.parse(line) as PageChange));
    }
    const kinds: readonly PageChangeKind[] = [
      ...(['siteinfo', 'actor', 'page', 'page-gone', 'rev-gone', 'rev-moved', 'rev-meta'] as const),
    ];
    for (const kind of kinds)
      assert.ok(
        records.some((record) => record.kind === kind),
        kind,
      );
    const logged = records.flatMap((record) =>
      record.kind !== 'siteinfo' && record.log
        ? [`${record.kind} ${record.log.type}/${record.log.action}`]
        : [],
    );
    for (const told of [
      ...['actor renameuser/renameuser', 'page move/move', 'page delete/restore', 'page-gone delete/delete'],
      ...['rev-meta delete/revision', 'rev-moved merge/merge'],
    ]) {
      assert.ok(logged.includes(told), `${told} among ${[...new Set(logged)].join(', ')}`);
    }
    // Three renames in thirty days: each told once, though each user has edited every day.
    assert.equal(records.filter(({ kind }) => kind === 'actor').length, 3);
    assert.doesNotMatch(JSON.stringify(records), /secret/i);
  });
});
