import type { ResultRows } from '../database/database-connection.ts';

const digits = 14;
const zero = 0x30;

/** Whether a column holds 14 digits, and not the zero that MediaWiki's own dump dies of. */
export function isTimestampColumn(rows: ResultRows, column: number): boolean {
  if (rows.byteLength(column) !== digits) return false;
  let sum = 0;
  for (let index = 0; index < digits; index++) {
    const digit = rows.byteAt(column, index) - zero;
    if (digit < 0 || digit > 9) return false;
    sum += digit;
  }
  return sum > 0;
}

/** The 14 digits with which MediaWiki stores times, as a number. */
export const storedTime = (time: Date): number =>
  Number(time.toISOString().replace(/[-:T]/g, '').slice(0, digits));
