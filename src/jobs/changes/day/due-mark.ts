import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunRecords } from '../../definition/job-definition.ts';
import { type DatedMark, readMarks } from '../marks/marks.ts';

export interface DueQuestion {
  readonly wiki: string;
  readonly date: string;
  readonly delayMs: number;
  readonly now: Date;
}

/**
 * The mark of a day whose dump is due. Asked before a run is made by hand, too: one that waits would hold up later days.
 * @throws RotaError CHANGES_NO_MARK, CHANGES_DELAY
 */
export async function dueMark(
  records: Pick<RunRecords, 'listPointers'>,
  { wiki, date, delayMs, now }: DueQuestion,
): Promise<DatedMark> {
  const mark = (await readMarks(records, wiki)).find((one) => one.date === date);
  if (mark === undefined) {
    throw new RotaError(
      'CHANGES_NO_MARK',
      `${wiki} has no mark of ${date}: take it with rota changes mark ${wiki} --date ${date}`,
    );
  }
  const dueAt = Date.parse(mark.takenAt) + delayMs;
  if (!mark.estimated && now.getTime() < dueAt) {
    throw new RotaError(
      'CHANGES_DELAY',
      `the mark of ${wiki} of ${date} is too young: its changes are due at ${new Date(dueAt).toISOString()}`,
    );
  }
  return mark;
}
