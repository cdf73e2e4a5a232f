import type { WikiReading } from '../../../dumping/wiki-access.ts';
import { storedTime } from '../../../mediawiki/metadata/timestamp.ts';
import { tableName } from '../../../mediawiki/schema/table-name.ts';
import type { DatedMark } from './marks.ts';

export interface MarkQuestion {
  readonly date: string;
  /** When the mark should have been taken. */
  readonly dueAt: Date;
  readonly now: Date;
  readonly marks: readonly DatedMark[];
}

const dayMs = 86_400_000;
/** Ids are given before revisions are committed, so that a greater one may be seen first; for so long at most. */
const unsettledMs = 10 * 60_000;

/**
 * The mark of a date: the greatest revision id, never less than an earlier mark (when the newest page is deleted, the
 * greatest id goes down). A day that was missed gets the mark that it would have had, as near as the revisions' times
 * tell; ids and times need not agree (imports), so it only ever lies between its neighbours.
 */
export async function findMark(
  reading: WikiReading,
  question: MarkQuestion,
  signal: AbortSignal,
): Promise<{ readonly revisionId: number; readonly estimated: boolean }> {
  const { date, dueAt, now, marks } = question;
  const before = marks.findLast((mark) => mark.date < date)?.revisionId ?? 0;
  const after = marks.find((mark) => mark.date > date);
  const isMissed = after !== undefined || now.getTime() >= dueAt.getTime() + dayMs;
  const upTo = after?.revisionId ?? Math.max(before, await greatestRevision(reading, signal));
  if (!isMissed) return { revisionId: upTo, estimated: false };
  const until = new Date(dueAt.getTime() + dayMs);
  const next = await firstRevisionSince(reading, { after: before, upTo, since: dueAt, until }, signal);
  if (next !== null) return { revisionId: Math.max(before, next - 1), estimated: true };
  if (after !== undefined) return { revisionId: upTo, estimated: true };
  // Such a mark is dumped without delay: it stays below everything that is so young that lesser ids may still come.
  const young = new Date(now.getTime() - unsettledMs);
  const tomorrow = new Date(now.getTime() + dayMs);
  const unsettled = await firstRevisionSince(
    reading,
    { after: before, upTo, since: young, until: tomorrow },
    signal,
  );
  return { revisionId: unsettled === null ? upTo : Math.max(before, unsettled - 1), estimated: true };
}

async function greatestRevision({ connection, schema }: WikiReading, signal: AbortSignal): Promise<number> {
  const revision = tableName(connection, 'revision', schema.tablePrefix);
  const rows = await connection.select(`SELECT MAX(rev_id) FROM ${revision}`, [], { signal });
  return rows.next() && !rows.isNull(0) ? rows.int(0) : 0;
}

/** The smallest id of the range whose revision was made in a time. */
async function firstRevisionSince(
  { connection, schema }: WikiReading,
  range: { readonly after: number; readonly upTo: number; readonly since: Date; readonly until: Date },
  signal: AbortSignal,
): Promise<number | null> {
  const revision = tableName(connection, 'revision', schema.tablePrefix);
  const rows = await connection.select(
    // As numbers: SQLite would not compare a stored text with bytes, nor the other way round.
    `SELECT MIN(rev_id) FROM ${revision} WHERE rev_id > ? AND rev_id <= ? AND rev_timestamp + 0 >= ? AND rev_timestamp + 0 < ?`,
    [range.after, range.upTo, storedTime(range.since), storedTime(range.until)],
    { signal },
  );
  return rows.next() && !rows.isNull(0) ? rows.int(0) : null;
}
