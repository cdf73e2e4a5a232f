import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLog } from '../../../core/log.ts';
import { openDatabase } from '../../../mediawiki/database/open-database.ts';
import { detectSchema } from '../../../mediawiki/schema/detect-schema.ts';
import { SqliteWiki } from '../../../mediawiki/testing/sqlite-wiki.ts';
import { TemporaryFolder } from '../../../mediawiki/testing/temporary-folder.ts';
import { findMark } from './find-mark.ts';
import type { DatedMark } from './marks.ts';

const at = (date: string, hour = 0, minute = 0): Date =>
  new Date(
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)), hour, minute),
  );

const mark = (date: string, revisionId: number): DatedMark => ({
  ...{ version: 1, date, revisionId, estimated: false },
  takenAt: at(date).toISOString(),
});

/** Revisions 1 to 10: two on each of five days, and number 7 imported with the time of years ago. */
async function find(
  question: { readonly date: string; readonly now: Date; readonly marks?: readonly DatedMark[] },
  greatest = 10,
): Promise<{ readonly revisionId: number; readonly estimated: boolean }> {
  using folder = new TemporaryFolder();
  const file = folder.file('wiki.sqlite');
  using wiki = new SqliteWiki(file, '1.43');
  wiki.addPage(1, 'A', greatest);
  for (let id = 1; id <= greatest; id++) {
    const time =
      id === 7 ? '20010101000000' : `202601${String(Math.ceil(id / 2)).padStart(2, '0')}12000${id % 2}`;
    wiki.addRevision({ id, page: 1 });
    wiki.run(`UPDATE revision SET rev_timestamp = '${time}' WHERE rev_id = ${id}`);
  }
  await using connection = await openDatabase({ dialect: 'sqlite', file }, { log: silentLog });
  const reading = {
    connection,
    schema: await detectSchema(connection),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const { date, now, marks = [] } = question;
  return await findMark(reading, { date, dueAt: at(date), now, marks }, new AbortController().signal);
}

describe('the mark of a day', () => {
  it('is the greatest revision, when it is taken on the day', async () => {
    assert.deepEqual(await find({ date: '20260106', now: at('20260106', 1) }), {
      revisionId: 10,
      estimated: false,
    });
  });

  it('never goes back, though the newest page was deleted', async () => {
    const marks = [mark('20260105', 14)];
    assert.deepEqual(await find({ date: '20260106', now: at('20260106', 1), marks }), {
      revisionId: 14,
      estimated: false,
    });
  });

  it('of a missed day lies before the first revision of the next', async () => {
    const marks = [mark('20260102', 2), mark('20260106', 10)];
    // Due at the beginning of the 4th: revisions 1 to 6 are older.
    assert.deepEqual(await find({ date: '20260104', now: at('20260110'), marks }), {
      revisionId: 7,
      estimated: true,
    });
    assert.deepEqual(await find({ date: '20260103', now: at('20260110'), marks }), {
      revisionId: 4,
      estimated: true,
    });
  });

  it('of a missed day stays between its neighbours, whatever the times say', async () => {
    const marks = [mark('20260102', 6), mark('20260106', 6)];
    assert.deepEqual(await find({ date: '20260103', now: at('20260110'), marks }), {
      revisionId: 6,
      estimated: true,
    });
  });

  it('of a missed day that is dumped at once stays below what was written a moment ago', async () => {
    const missed = { date: '20251220', marks: [] };
    const minutesAfter = at('20260105', 12, 5);
    assert.deepEqual(await find({ ...missed, now: minutesAfter }), { revisionId: 8, estimated: true });
    const laterOn = at('20260105', 12, 11);
    assert.deepEqual(await find({ ...missed, now: laterOn }), { revisionId: 10, estimated: true });
  });

  it('of a missed day after which nothing happened is that of the next', async () => {
    const marks = [mark('20260105', 8), mark('20260120', 10)];
    assert.deepEqual(await find({ date: '20260110', now: at('20260125'), marks }), {
      revisionId: 10,
      estimated: true,
    });
  });
});
