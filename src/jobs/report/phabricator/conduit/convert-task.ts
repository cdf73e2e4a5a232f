import { makeStep } from '../form/make-step.ts';
import { isRecord, numberValue } from '../form/step-values.ts';
import { TaskDamage } from '../form/task-damage.ts';
import {
  type CurrentEdge,
  edgeTypes,
  type TrackerTask,
  type TrackerTransaction,
} from '../form/tracker-task.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * A task of `maniphest.search` with the rows of its past, by default those of `maniphest.gettasktransactions`.
 * @throws TaskDamage
 */
export function convertTask(
  row: unknown,
  transactions: unknown,
  convert: (row: unknown) => TrackerTransaction = convertStep,
): TrackerTask {
  const { id, phid, fields, attachments } = record(row, 'task');
  const f = record(fields, 'fields');
  const createdAt = wholeNumber(f.dateCreated, 'dateCreated');
  const attached =
    isRecord(attachments) && isRecord(attachments.projects) ? attachments.projects.projectPHIDs : [];
  const projects = Array.isArray(attached) ? attached.filter((item) => typeof item === 'string') : [];
  return {
    id: wholeNumber(id, 'id'),
    phid: text(phid, 'phid'),
    title: text(f.name, 'name'),
    status: text(record(f.status, 'status').value, 'status'),
    priority: wholeNumber(record(f.priority, 'priority').value, 'priority'),
    points: numberValue(f.points ?? null),
    createdAt,
    edges: projects.map(
      (project): CurrentEdge => ({ type: edgeTypes.project, phid: project, since: createdAt }),
    ),
    transactions: (Array.isArray(transactions) ? transactions : []).map((step) => convert(step)),
  };
}

function convertStep(given: unknown): TrackerTransaction {
  const row = record(given, 'transaction');
  const id = wholeNumber(row.transactionID, 'transactionID');
  const at = wholeNumber(row.dateCreated, 'dateCreated');
  const type = text(row.transactionType, 'transactionType');
  // Here merging is told, as the dump does not: the task is closed from then on.
  if (type === 'mergedinto') return { kind: 'status', id, at, from: null, to: 'duplicate' };
  if (type === 'core:subscribers')
    return { kind: 'edges', id, at, type: edgeTypes.subscriber, change: noChange };
  return makeStep({
    id,
    at,
    type,
    oldValue: row.oldValue,
    newValue: row.newValue,
    metadata: row.meta ?? null,
  });
}

const noChange = { kind: 'difference', removed: [], added: [] } as const;

export function record(value: unknown, what: string): Row {
  if (isRecord(value)) return value;
  throw new TaskDamage(`its ${what} is no object`);
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new TaskDamage(`its ${what} is no text`);
}

/** Numbers come as texts from the older methods. */
export function wholeNumber(value: unknown, what: string): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (Number.isSafeInteger(number) && (number as number) >= 0) return number as number;
  throw new TaskDamage(`its ${what} is no whole number`);
}
