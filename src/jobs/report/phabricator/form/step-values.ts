import { TaskDamage } from './task-damage.ts';
import { type EdgeStep, edgeTypes } from './tracker-task.ts';

/**
 * What stands in the old and new values of transactions, decoded: the tracker has written them in several ways over
 * the years, and the same table may hold all of them.
 */

export function statusValue(value: unknown): string | null {
  if (value === null || value === '') return null;
  if (typeof value === 'string') return value;
  throw new TaskDamage(`a status is ${JSON.stringify(value).slice(0, 60)}`);
}

/** Priorities were numbers until 2017 and have been texts since; points are numbers, with a text where somebody wrote one. */
export function numberValue(value: unknown): number | null {
  if (value === null || value === '') return null;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new TaskDamage(`a number is ${JSON.stringify(value).slice(0, 60)}`);
}

type Move = { readonly board: string; readonly column: string };

/** `[{columnPHID, boardPHID, …}]`, one for each board; before 2016 `{columnPHIDs: […], projectPHID}`. */
export function columnMoves(value: unknown): readonly Move[] {
  const moves: Move[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    if (!isRecord(item)) continue;
    const board = item.boardPHID ?? item.projectPHID;
    const column = item.columnPHID ?? listOf(item.columnPHIDs).at(-1);
    if (typeof board === 'string' && typeof column === 'string') moves.push({ board, column });
  }
  return moves;
}

/**
 * An edge transaction. Until 2018 the values are objects, one entry for each edge, that hold all edges of the type before
 * and after (an empty one is `[]`); since then lists of what was removed and added.
 */
export function edgeStep(
  step: { readonly id: number; readonly at: number },
  oldValue: unknown,
  newValue: unknown,
  metadata: unknown,
): EdgeStep | null {
  const type = edgeTypeOf(metadata) ?? edgeTypeWithin(newValue) ?? edgeTypeWithin(oldValue);
  if (type === null) return null;
  if (isRecord(oldValue) || isRecord(newValue)) {
    const change = { kind: 'all', before: keysOf(oldValue, type), after: keysOf(newValue, type) } as const;
    return { kind: 'edges', ...step, type, change };
  }
  const change = { kind: 'difference', removed: phidsIn(oldValue), added: phidsIn(newValue) } as const;
  return { kind: 'edges', ...step, type, change };
}

function edgeTypeOf(metadata: unknown): number | null {
  if (!isRecord(metadata)) return null;
  const type = metadata['edge:type'];
  return type === undefined || type === null ? null : numberValue(type);
}

/** Where the metadata says nothing: the entries know their type, and what leads to a project is a tag. */
function edgeTypeWithin(value: unknown): number | null {
  if (isRecord(value)) {
    for (const entry of Object.values(value)) if (isRecord(entry)) return numberValue(entry.type ?? null);
    return null;
  }
  const [first] = phidsIn(value);
  return first?.startsWith('PHID-PROJ-') ? edgeTypes.project : null;
}

function keysOf(value: unknown, type: number): readonly string[] {
  if (!isRecord(value)) return phidsIn(value);
  return Object.entries(value)
    .filter(([, entry]) => !isRecord(entry) || entry.type === undefined || Number(entry.type) === type)
    .map(([phid]) => phid);
}

function phidsIn(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

/** Lists that PHP has thinned out arrive as objects. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
