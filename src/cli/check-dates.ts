import { RotaError } from '../core/errors/rota-error.ts';
import { isIsoDay, isRunDate } from '../core/run-date.ts';

/** @throws RotaError USAGE unless it is missing or a day such as `2026-11-22` */
export function checkDay(day: string | undefined, option: string): void {
  if (day === undefined || isIsoDay(day)) return;
  throw new RotaError('USAGE', `${option} ${JSON.stringify(day)} is no date; give one such as 2026-11-22`);
}

/**
 * The date of a run becomes a part of its name and of paths, and days are reckoned from it.
 * @throws RotaError USAGE unless it is missing or a date such as `20261122`
 */
export function checkRunDate(date: string | undefined): void {
  if (date === undefined || isRunDate(date)) return;
  throw new RotaError('USAGE', `--date ${JSON.stringify(date)} is no date; give YYYYMMDD`);
}
