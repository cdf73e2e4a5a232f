import type { IsoDay } from '../../model/days.ts';
import { dateOfDay, tickDate } from '../draw/dates.ts';

/** How the bar of a week is named: the first of a year by the year, the first of a month by the month, others not. */
export function tickLabel(
  week: IsoDay,
  before: IsoDay | undefined,
): { readonly label: string; readonly strong: boolean } {
  const [year, month] = [week.slice(0, 4), week.slice(0, 7)];
  if (before === undefined || before.slice(0, 7) === month) return { label: '', strong: false };
  const strong = before.slice(0, 4) !== year;
  return { label: tickDate(dateOfDay(strong ? `${year}-01-01` : `${month}-01`)), strong };
}
