import { columnMoves, isRecord, numberValue, statusValue } from '../form/step-values.ts';
import { edgeTypes, type TrackerTransaction } from '../form/tracker-task.ts';
import { record, wholeNumber } from './convert-task.ts';

/**
 * A row of `transaction.search`, which names what happened in words of its own. Trackers show more of it with every version:
 * moves between columns, merges and parents came last (Phorge, summer of 2026). What has no type is only a sign of life.
 * @throws TaskDamage
 */
export function convertSearchStep(given: unknown): TrackerTransaction {
  const row = record(given, 'transaction');
  const step = { id: wholeNumber(row.id, 'transaction id'), at: wholeNumber(row.dateCreated, 'dateCreated') };
  const fields = isRecord(row.fields) ? row.fields : {};
  const edges = (type: number): TrackerTransaction => ({
    kind: 'edges',
    ...step,
    type,
    change: changeOf(fields),
  });
  switch (row.type) {
    case 'status':
      return {
        kind: 'status',
        ...step,
        from: statusValue(fields.old ?? null),
        to: statusValue(fields.new ?? null),
      };
    case 'mergedinto':
      return { kind: 'status', ...step, from: null, to: 'duplicate' };
    case 'priority':
      return {
        kind: 'priority',
        ...step,
        from: numberValue(plainValue(fields.old)),
        to: numberValue(plainValue(fields.new)),
      };
    case 'points':
      return {
        kind: 'points',
        ...step,
        from: numberValue(fields.old ?? null),
        to: numberValue(fields.new ?? null),
      };
    case 'core:columns':
      return { kind: 'columns', ...step, moves: columnMoves(fields.new) };
    case 'projects':
      return edges(edgeTypes.project);
    case 'dependsOn':
      return edges(edgeTypes.childTask);
    case 'dependedOnBy':
      return edges(edgeTypes.parentTask);
    case 'subscribers':
      return edges(edgeTypes.subscriber);
    default:
      return { kind: 'other', ...step };
  }
}

/** `{value, name}`, of which the value counts. */
function plainValue(given: unknown): unknown {
  return (isRecord(given) ? given.value : given) ?? null;
}

/** `{operations: [{operation: 'add' | 'remove', phid}]}` */
function changeOf(fields: Readonly<Record<string, unknown>>) {
  const operations = (Array.isArray(fields.operations) ? fields.operations : []).filter(isRecord);
  const of = (wanted: string): readonly string[] =>
    operations.flatMap(({ operation, phid }) =>
      operation === wanted && typeof phid === 'string' ? [phid] : [],
    );
  return { kind: 'difference', removed: of('remove'), added: of('add') } as const;
}
