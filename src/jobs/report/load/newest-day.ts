import { type IsoDay, isoDay } from '../model/days.ts';
import { zoneDays } from '../scope/zone-days.ts';
import type { DataFile } from '../store/data-file.ts';

/** The day of the newest change that the loaded tracker knows. */
export async function newestDay(file: DataFile, zone: string): Promise<IsoDay> {
  const second = await file.number(
    `SELECT greatest((SELECT max(valid_from) FROM task_state), coalesce((SELECT max(valid_from) FROM membership), 0),
       coalesce((SELECT max(valid_from) FROM board_position), 0))`,
  );
  return isoDay(zoneDays(zone).dayOf(second));
}
