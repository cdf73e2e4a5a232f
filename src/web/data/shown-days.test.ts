import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '../../control/store/sqlite/open-sqlite-store.ts';
import { ManualClock } from '../../core/manual-clock.ts';
import { dayKey } from '../../jobs/changes/day/day-record.ts';
import { markKey } from '../../jobs/changes/marks/marks.ts';
import { daysSection } from '../pages/days-section.ts';
import { readShownDays } from './shown-days.ts';

const digest = { sizeBytes: 1_500, md5: 'm', sha1: 's', sha256: 'h' };

function day(date: string, status: 'done' | 'baseline', revisions: number) {
  const mark = { revisionId: 9, takenAt: '2026-01-01T00:00:00Z', estimated: false };
  const manifest = {
    ...{ version: 1, wiki: 'frwiki', date, status, mark, previousMark: null, schema: '0.11', exact: true },
    ...{ snapshotAt: '2026-01-01T00:00:00Z', bases: [], ledger: null, failed: [] },
    increment: { pages: 1, revisions },
    restored: { pages: 0, revisions: 0 },
    files: [
      { name: 'a', ...digest },
      { name: 'b', ...digest },
    ],
  };
  return { manifest, files: [] };
}

test('days of changes are shown with those that were marked and not dumped between them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rota-days-'));
  const clock = new ManualClock('2026-01-06T12:00:00Z');
  const settings = { now: clock.now(), delayMs: 12 * 3_600_000 };
  try {
    await using store = await openSqliteStore({ file: join(folder, 'rota.db'), clock });
    const holder = { host: 'h', pid: 1, startedAt: clock.now() };
    const put = async (key: string, value: unknown) => {
      const guard = await store.acquireLease({ key: `test/${key}`, holder, leaseMs: 60_000 });
      await store.commitPointer({ key, value: value as object, guard });
    };
    assert.equal(daysSection(await readShownDays(store, 'frwiki', settings), '/x'), null);
    await put(dayKey('frwiki', '20260102'), day('20260102', 'baseline', 0));
    await put(dayKey('frwiki', '20260104'), day('20260104', 'done', 1_234));
    for (const day of [1, 2, 3, 4, 5, 6]) {
      const date = `2026010${day}`;
      // The mark of the 5th was taken 37 hours ago, that of the 6th just now.
      const takenAt =
        day === 6 ? '2026-01-06T11:00:00Z' : `2026-01-0${day}T23:00:00Z`.replace('05T23', '04T23');
      await put(markKey('frwiki', date), { version: 1, revisionId: 9, takenAt, estimated: false });
    }
    const days = await readShownDays(store, 'frwiki', settings);
    assert.deepEqual(
      days.map(({ date, state, revisions, bytes }) => [date, state, revisions, bytes]),
      [
        ['20260105', 'missing', 0, 0],
        ['20260104', 'done', 1_234, 3_000],
        ['20260103', 'missing', 0, 0],
        ['20260102', 'baseline', 0, 3_000],
      ],
    );
    const section = String(daysSection(days, '/files/public/other/incr/frwiki'));
    assert.match(section, /Missing: 20260105, 20260103\./);
    assert.match(section, /<a href="\/files\/public\/other\/incr\/frwiki\/20260104\/">20260104<\/a>.*1,234/);
    assert.doesNotMatch(section, /href="[^"]*20260103/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
