import * as z from 'zod';
import type { RunRecords } from '../../definition/job-definition.ts';

const mark = z.strictObject({
  version: z.literal(1),
  /** The greatest revision id that belongs to the date or an earlier one. */
  revisionId: z.number().int().nonnegative(),
  takenAt: z.iso.datetime(),
  /** The day was missed: the mark is worked out from its neighbours and the revisions' times. */
  estimated: z.boolean(),
});

/** Up to where a day goes. The truth about it stands in the store; `maxrevid.txt` follows. */
export type Mark = z.infer<typeof mark>;

export interface DatedMark extends Mark {
  readonly date: string;
}

export function markKey(wiki: string, date: string): string {
  return `${markPrefix(wiki)}${date}`;
}

export function markPrefix(wiki: string): string {
  return `changes/mark/${wiki}/`;
}

/** Of a wiki, by date. */
export async function readMarks(
  records: Pick<RunRecords, 'listPointers'>,
  wiki: string,
): Promise<readonly DatedMark[]> {
  const prefix = markPrefix(wiki);
  const pointers = await records.listPointers({ prefix });
  return pointers
    .filter(({ value }) => value !== null)
    .map(({ key, value }) => ({ date: key.slice(prefix.length), ...mark.parse(value) }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}
