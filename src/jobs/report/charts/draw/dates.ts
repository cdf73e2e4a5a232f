import { utcFormat } from 'd3-time-format';
import type { IsoDay } from '../../model/days.ts';

const long = utcFormat('%-d %B %Y');
const short = utcFormat('%-d %b');
const medium = utcFormat('%-d %b %Y');
const month = utcFormat('%b');
const year = utcFormat('%Y');
const monthYear = utcFormat('%b %Y');

/** `12 March 2027`. */
export function longDate(day: IsoDay): string {
  return long(dateOfDay(day));
}

/** `12 Mar`. */
export function shortDate(day: IsoDay): string {
  return short(dateOfDay(day));
}

/** `12 Mar 2027`, without a break. */
export function mediumDate(day: IsoDay): string {
  return medium(dateOfDay(day)).replaceAll(' ', '\u00A0');
}

/** `Mar 2027`. */
export function monthDate(day: IsoDay): string {
  return monthYear(dateOfDay(day));
}

/** The label of a tick: the year at its start, the month at its start, else the day. */
export function tickDate(date: Date): string {
  if (date.getUTCDate() !== 1) return short(date);
  return date.getUTCMonth() === 0 ? year(date) : month(date);
}

export function dateOfDay(day: IsoDay): Date {
  return new Date(`${day}T00:00:00Z`);
}
