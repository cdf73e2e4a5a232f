import type { ColumnKind } from './table-writer.ts';

/**
 * Raised whenever the tables, or what histories say, change: files of another version are loaded anew, never mended.
 */
export const dataVersion = 1;

/** What the load fills row by row. Times are seconds since 1970 (UTC); `valid_to` 4294967295 lasts. */
export const tables = {
  task: {
    id: 'uinteger',
    phid: 'text',
    title: 'text',
    status: 'text',
    priority: 'integer',
    points: 'double',
    created_at: 'uinteger',
    transactions: 'uinteger',
    /** Of the task as the source gave it, so that the next load can tell whether it changed. */
    digest: 'double',
  },
  task_state: {
    task: 'uinteger',
    valid_from: 'uinteger',
    valid_to: 'uinteger',
    status: 'text',
    estimated: 'boolean',
    priority: 'integer',
    points: 'double',
  },
  membership: { task: 'uinteger', valid_from: 'uinteger', valid_to: 'uinteger', project_phid: 'text' },
  board_position: {
    task: 'uinteger',
    valid_from: 'uinteger',
    valid_to: 'uinteger',
    project_phid: 'text',
    column_phid: 'text',
  },
  parent_event: {
    task: 'uinteger',
    role: 'text',
    other_phid: 'text',
    told_at: 'uinteger',
    step: 'uinteger',
    added: 'boolean',
  },
  project: { id: 'uinteger', phid: 'text', name: 'text' },
  board_column: {
    id: 'uinteger',
    phid: 'text',
    name: 'text',
    is_hidden: 'boolean',
    is_default: 'boolean',
    project_phid: 'text',
  },
  set_aside: { task: 'text', reason: 'text' },
  unchanged: { task: 'uinteger' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ColumnKind>>>>;

export type TableName = keyof typeof tables;

const sqlTypes: Readonly<Record<ColumnKind, string>> = {
  uinteger: 'UINTEGER',
  integer: 'INTEGER',
  double: 'DOUBLE',
  text: 'VARCHAR',
  boolean: 'BOOLEAN',
};

export function createTables(): readonly string[] {
  return [
    ...Object.entries(tables).map(([name, columns]) => {
      const list = Object.entries(columns).map(([column, kind]) => `${column} ${sqlTypes[kind]}`);
      return `CREATE TABLE ${name} (${list.join(', ')})`;
    }),
    'CREATE TABLE load (key VARCHAR, value VARCHAR)',
    'CREATE TABLE gone (task UINTEGER, project_phid VARCHAR)',
  ];
}

/** Rows that belong to one task: copied as they are when the task did not change. */
export const tablesOfTasks = [
  'task_state',
  'membership',
  'board_position',
  'parent_event',
] as const satisfies readonly TableName[];
