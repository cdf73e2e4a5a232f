import assert from 'node:assert/strict';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ManualClock } from '../../core/manual-clock.ts';
import { publishedDateNames } from '../listing/published-dates.ts';
import { writeStatusFiles } from '../status/write-status-files.ts';
import { bench, tablesSet } from '../testing/publishing-bench.ts';
import { temporaryFolder, treesIn } from '../testing/temporary-folder.ts';
import { applyRetention } from './apply-retention.ts';
import { planRetention, type RetentionFacts } from './plan-retention.ts';
import { removeDate, sweepTrash } from './remove-date.ts';
import { describeShrinkage, findShrinkage } from './shrink-guard.ts';

const now = new Date('2026-11-22T12:00:00Z');

function facts(dates: readonly string[], over: Partial<RetentionFacts> = {}): RetentionFacts {
  return {
    // A date that ends in "!" did not end well.
    dates: dates.map((text) => ({ date: text.slice(0, 8), complete: !text.endsWith('!') })),
    keep: 2,
    inUse: new Set(),
    leftAt: new Map(),
    now,
    ...over,
  };
}

test('the newest complete dates are kept, and what is newer than the oldest of them', () => {
  assert.deepEqual(planRetention(facts(['20260101', '20260201', '20260301', '20260401'])), [
    '20260101',
    '20260201',
  ]);
  assert.deepEqual(planRetention(facts(['20260101', '20260201', '20260301!', '20260401!'])), []);
  assert.deepEqual(planRetention(facts(['20260101!', '20260201', '20260301!', '20260401'])), ['20260101']);
  assert.deepEqual(
    planRetention(facts(['20260101', '20260201'], { keep: 0 })),
    ['20260101'],
    'one is always kept',
  );
});

test('a date in use, or one that latest named in the last hour, stays', () => {
  const dates = ['20260101', '20260201', '20260301', '20260401', '20260501'];
  const leftAt = new Map([
    ['20260201', new Date('2026-11-22T11:30:00Z')],
    ['20260301', new Date('2026-11-22T10:30:00Z')],
  ]);
  assert.deepEqual(planRetention(facts(dates, { inUse: new Set(['20260101']), leftAt })), ['20260301']);
});

test('a removed date leaves both trees and latest, pointers first; trash of a crash is swept', async () => {
  await using folder = await temporaryFolder();
  const trees = await treesIn(folder.path);
  const { public: tree } = trees;
  for (const date of ['20260101', '20260201']) {
    await mkdir(tree.dateFolder('aawiki', date), { recursive: true });
    await writeFile(tree.file('aawiki', date, `aawiki-${date}-x.gz`), 'x');
  }
  await mkdir(tree.latestFolder('aawiki'));
  await symlink('../20260101/aawiki-20260101-x.gz', join(tree.latestFolder('aawiki'), 'aawiki-latest-x.gz'));
  await writeFile(join(tree.latestFolder('aawiki'), 'aawiki-latest-x.gz-rss.xml'), '');
  await symlink('../20260201/aawiki-20260201-y.gz', join(tree.latestFolder('aawiki'), 'aawiki-latest-y.gz'));
  await mkdir(join(tree.wikiFolder('aawiki'), '.trash-20251201-00', 'deep'), { recursive: true });
  const order: string[] = [];
  await removeDate(trees, 'aawiki', '20260101', async () => {
    order.push(...(await readdir(tree.wikiFolder('aawiki'))).filter((name) => name === '20260101'));
  });
  assert.deepEqual(order, ['20260101'], 'forgotten while it still stands');
  assert.deepEqual(await readdir(tree.latestFolder('aawiki')), ['aawiki-latest-y.gz']);
  assert.deepEqual(await sweepTrash(tree, 'aawiki'), ['.trash-20251201-00']);
  assert.deepEqual((await readdir(tree.wikiFolder('aawiki'))).toSorted(), ['20260201', 'latest']);
  await removeDate(trees, 'aawiki', '20260101', async () => undefined);
});

test('retention reads what the trees and latest say, and never takes what latest names', async () => {
  await using folder = await temporaryFolder();
  const { trees, store, publisher } = await bench(folder.path);
  const dates = ['20260101', '20260201', '20260301', '20260401'];
  for (const date of dates) {
    await publisher().publish({
      ...(await tablesSet(trees, date, ['page.sql.gz'])),
      set: date < '20260201' ? 'history' : 'tables',
    });
    await writeStatusFiles(trees.public, {
      wiki: 'aawiki',
      date,
      state: 'done',
      jobs: [],
      previousDate: null,
      updatedAt: now,
    });
  }
  const forgotten: string[] = [];
  const order = {
    job: 'full-dump',
    wiki: 'aawiki',
    keep: 1,
    sets: ['history', 'tables'],
    unfinished: new Set<string>(),
    forget: async (date: string) => {
      forgotten.push(date);
    },
  };
  // The bench publishes at 5 o'clock.
  const at = (time: string) => ({
    trees,
    publisher: publisher(),
    lease: store,
    clock: new ManualClock(time),
  });
  assert.deepEqual(
    await applyRetention(at('2026-11-22T05:30:00Z'), order),
    ['20260201'],
    '0301 was latest just now',
  );
  assert.deepEqual(await applyRetention(at('2026-11-22T06:30:00Z'), order), ['20260301']);
  assert.deepEqual(forgotten, ['20260201', '20260301']);
  assert.deepEqual(await publishedDateNames(trees.public, 'aawiki'), ['20260101', '20260401']);
});

test('a dump that shrank by more than the limit is found, figure by figure', () => {
  const before = [{ output: 'history', pages: 1000, revisions: 5000, rawBytes: 100 }];
  const measure = (over: object) => [
    { output: 'history', pages: 1000, revisions: 5000, rawBytes: 100, ...over },
  ];
  assert.deepEqual(findShrinkage(before, measure({ pages: 950 })), [], 'exactly the limit is allowed');
  const [finding] = findShrinkage(before, measure({ pages: 949, revisions: 9000 }));
  assert.ok(finding);
  assert.equal(finding.figure, 'pages');
  assert.match(
    describeShrinkage(finding),
    /^history has 949 pages where the last published date has 1000 \(5\.1 % less\)$/,
  );
  assert.equal(findShrinkage(before, measure({ rawBytes: 89 }), { maxPercent: 10 }).length, 1);
  assert.deepEqual(findShrinkage(before, []), [], 'an output that is no longer asked for');
  assert.equal(findShrinkage(before, [], { expected: ['history'] }).length, 3);
  assert.deepEqual(findShrinkage([], measure({})), []);
});
