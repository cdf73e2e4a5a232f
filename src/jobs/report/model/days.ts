/** A day as `2026-11-22`, in the scope's time zone. A state "on a day" is the state at its end. */
export type IsoDay = string;

/** What a report covers, both days included. */
export interface Period {
  readonly start: IsoDay;
  readonly asOf: IsoDay;
}

const dayMs = 86_400_000;

/** Days since 1970-01-01: what days are reckoned with. */
export function dayNumber(day: IsoDay): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / dayMs);
}

/** By the calendar's own arithmetic (in eras of 400 years that begin in March): a quarter of what a `Date` costs. */
export function isoDay(number: number): IsoDay {
  const days = number + 719_468;
  const era = Math.floor(days / 146_097);
  const ofEra = days - era * 146_097;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const full = year + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(full).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
}

export function addDays(day: IsoDay, days: number): IsoDay {
  return isoDay(dayNumber(day) + days);
}

export function daysBetween(from: IsoDay, to: IsoDay): number {
  return dayNumber(to) - dayNumber(from);
}

/** How many entries a daily series has. */
export function dayCount(model: Period): number {
  return daysBetween(model.start, model.asOf) + 1;
}

/** The days at which weekly series are sampled: back from the as-of day 7 at a time, given oldest first. */
export function weekEnds(model: Period): readonly IsoDay[] {
  const last = dayNumber(model.asOf);
  const weeks = Math.floor((last - dayNumber(model.start)) / 7) + 1;
  return Array.from({ length: weeks }, (_, i) => isoDay(last - 7 * (weeks - 1 - i)));
}

/**
 * The same day of the month so many months earlier, at the end of a shorter month (31 May less 3 months is
 * 28 February): how the databases reckon that the old reports were made with.
 */
export function monthsBefore(day: IsoDay, months: number): IsoDay {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return isoDay(Math.floor(first.getTime() / dayMs) + Math.min(date, length) - 1);
}

export function quarterStart(day: IsoDay): IsoDay {
  const month = Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1;
  return `${day.slice(0, 4)}-${String(month).padStart(2, '0')}-01`;
}

/** `2026-Q4`. */
export function quarterName(day: IsoDay): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}
