import { columnMoves, edgeStep, numberValue, statusValue } from './step-values.ts';
import type { TrackerTransaction } from './tracker-task.ts';

/** A transaction with its values decoded from JSON. */
export interface RawTransaction {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  readonly oldValue: unknown;
  readonly newValue: unknown;
  readonly metadata: unknown;
}

/** Brings a raw transaction into the form that histories are made from. @throws TaskDamage */
export function makeStep(raw: RawTransaction): TrackerTransaction {
  const { id, at, type, oldValue, newValue, metadata } = raw;
  switch (type) {
    case 'status':
      return { kind: 'status', id, at, from: statusValue(oldValue), to: statusValue(newValue) };
    case 'priority':
      return { kind: 'priority', id, at, from: numberValue(oldValue), to: numberValue(newValue) };
    case 'points':
    case 'storypoints':
      return { kind: 'points', id, at, from: numberValue(oldValue), to: numberValue(newValue) };
    case 'core:columns':
    case 'columns':
    case 'projectcolumn':
      return { kind: 'columns', id, at, moves: columnMoves(newValue) };
    case 'core:edge':
      return edgeStep({ id, at }, oldValue, newValue, metadata) ?? { kind: 'other', id, at };
    default:
      return { kind: 'other', id, at };
  }
}
