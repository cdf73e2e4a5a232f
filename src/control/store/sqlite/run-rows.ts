import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Connection } from './connection.ts';
import type { RunRow } from './rows.ts';

/** In the order in which {@link toRow} reads them. */
const columns = [
  'id',
  'job',
  'subject',
  'date',
  'epoch',
  'state',
  'open',
  'reason',
  'error_code',
  'error_message',
  'retry_at',
  'held_until',
  'tries',
  'stops',
  'request',
  'request_reason',
  'paused_by',
  'parameters',
  'progress',
  'holder',
  'due_at',
  'created_at',
  'updated_at',
  'started_at',
  'ended_at',
  'slots',
  'needs',
] as const satisfies readonly (keyof RunRow)[];

const selected = columns.map((name) => `r.${name}`).join(', ');

/**
 * Rows of `runs r`, for lists of thousands: node:sqlite takes four times as long to make an object of a row as to make
 * an array of it.
 * @param rest what follows the columns: `FROM runs r …`
 */
export function findRunRows(db: Connection, rest: string, ...parameters: SQLInputValue[]): readonly RunRow[] {
  return db.arrays(`SELECT ${selected} ${rest}`, ...parameters).map(toRow);
}

/** Spelt out: an object that is made key by key costs more than all the rest. */
function toRow(values: readonly SQLOutputValue[]): RunRow {
  const row: { readonly [Column in keyof RunRow]: SQLOutputValue | undefined } = {
    id: values[0],
    job: values[1],
    subject: values[2],
    date: values[3],
    epoch: values[4],
    state: values[5],
    open: values[6],
    reason: values[7],
    error_code: values[8],
    error_message: values[9],
    retry_at: values[10],
    held_until: values[11],
    tries: values[12],
    stops: values[13],
    request: values[14],
    request_reason: values[15],
    paused_by: values[16],
    parameters: values[17],
    progress: values[18],
    holder: values[19],
    due_at: values[20],
    created_at: values[21],
    updated_at: values[22],
    started_at: values[23],
    ended_at: values[24],
    slots: values[25],
    needs: values[26],
  };
  return row as RunRow;
}
