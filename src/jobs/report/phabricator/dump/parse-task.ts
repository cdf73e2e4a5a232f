import { decodeJson } from '../form/decode-json.ts';
import { makeStep } from '../form/make-step.ts';
import { isRecord } from '../form/step-values.ts';
import { TaskDamage } from '../form/task-damage.ts';
import type { CurrentEdge, TrackerTask, TrackerTransaction } from '../form/tracker-task.ts';

/** Ids are kept in bitmaps and in four bytes. */
const lastId = 1_000_000_000;
/** Later than any task, and the largest that four bytes hold less one: what is beyond is damage. */
const lastSecond = 4_294_967_294;

/** A task of the dump: `{"info": […], "transactions": {…}, "edge": […]}`. @throws TaskDamage with the reason */
export function parseTask(key: string, value: Buffer): TrackerTask {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value.toString('utf8'));
  } catch (error) {
    throw new TaskDamage(`it is no JSON: ${(error as Error).message.slice(0, 100)}`);
  }
  if (!isRecord(parsed)) throw new TaskDamage('it is no object');
  const { info } = parsed;
  if (!Array.isArray(info) || info.length < 9) throw new TaskDamage('its info is missing or too short');
  const id = whole(info[0], 'id');
  if (id > lastId) throw new TaskDamage('its id is too large');
  if (String(id) !== key) throw new TaskDamage(`its info has the id ${id}`);
  return {
    id,
    phid: text(info[1], 'phid'),
    status: text(info[4], 'status'),
    priority: info[5] === null ? 0 : whole(info[5], 'priority'),
    title: text(info[6], 'title'),
    createdAt: second(info[7], 'dateCreated'),
    points: info[10] === undefined || info[10] === null ? null : number(info[10], 'points'),
    edges: parseEdges(parsed.edge),
    transactions: parseTransactions(parsed.transactions),
  };
}

function parseEdges(rows: unknown): readonly CurrentEdge[] {
  // Tasks without any edge have no key; no rows are null.
  if (rows === undefined || rows === null) return [];
  return list(rows, 'edge').map((row) => {
    const [, type, phid, since] = list(row, 'edge');
    return { type: whole(type, 'edge type'), phid: text(phid, 'edge'), since: second(since, 'edge date') };
  });
}

function parseTransactions(byType: unknown): readonly TrackerTransaction[] {
  if (byType === undefined || byType === null) return [];
  if (!isRecord(byType)) throw new TaskDamage('its transactions are no object');
  const steps: TrackerTransaction[] = [];
  for (const [type, rows] of Object.entries(byType)) {
    if (rows === null) continue;
    for (const row of list(rows, `transactions ${type}`)) {
      if (!Array.isArray(row) || row.length < 11)
        throw new TaskDamage(`a transaction of ${type} is too short`);
      const isOther = type === 'reassign';
      steps.push(
        makeStep({
          id: whole(row[0], 'transaction id'),
          at: second(row[10], 'transaction date'),
          type,
          oldValue: isOther ? null : decodeJson(row[7], type),
          newValue: isOther ? null : decodeJson(row[8], type),
          metadata: type === 'core:edge' ? decodeJson(row[9], type) : null,
        }),
      );
    }
  }
  return steps;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TaskDamage(`${what} is no list`);
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new TaskDamage(`its ${what} is no text`);
}

function number(value: unknown, what: string): number {
  const result = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof result === 'number' && Number.isFinite(result)) return result;
  throw new TaskDamage(`its ${what} is no number`);
}

function whole(value: unknown, what: string): number {
  const result = number(value, what);
  if (Number.isSafeInteger(result) && result >= 0) return result;
  throw new TaskDamage(`its ${what} is no whole number`);
}

function second(value: unknown, what: string): number {
  const result = whole(value, what);
  if (result <= lastSecond) return result;
  throw new TaskDamage(`its ${what} lies too far in the future`);
}
