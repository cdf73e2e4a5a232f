/** The date of a run (`20261130`) as ISO 8601 has it (`2026-11-30`). */
export function isoDate(date: string): string {
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
}

/** Whether a text is the date of a run, and a day of the calendar: not `20260231`, nor `2026-02-28`. */
export function isRunDate(text: string): boolean {
  return /^\d{8}$/.test(text) && isIsoDay(isoDate(text));
}

/** Whether a text is a day of the calendar such as `2026-02-28`. `Date.parse` alone takes 31 February for 3 March. */
export function isIsoDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
