import { forever } from '../history/interval.ts';
import type { DataFile } from '../store/data-file.ts';
import { eachNumberRow } from '../store/each-number-row.ts';
import { IntervalTable } from './interval-table.ts';
import { eachRow } from './read-scope.ts';
import type { TaskPast } from './scope-task.ts';
import type { ZoneDays } from './zone-days.ts';

type PastTask = Pick<TaskPast, 'id' | 'title' | 'created'>;
type Tables = Readonly<Record<'states' | 'memberships' | 'positions', IntervalTable>>;
type Names = Readonly<Record<'statuses' | 'projects' | 'columns', readonly string[]>>;

/** The pasts of a scope's tasks. They are kept as numbers, and each is made when it is asked for. */
export class Pasts implements Iterable<TaskPast> {
  readonly #tasks: readonly PastTask[];
  readonly #tables: Tables;
  readonly #names: Names;

  constructor(tasks: readonly PastTask[], tables: Tables, names: Names) {
    for (const table of Object.values(tables)) table.sort(tasks.length);
    this.#tasks = tasks;
    this.#tables = tables;
    this.#names = names;
  }

  /** By id. Tasks that were not there yet on the as-of day are left out. */
  *[Symbol.iterator](): Generator<TaskPast> {
    for (let i = 0; i < this.#tasks.length; i += 1) {
      const past = this.#at(i);
      if (past.states.length > 0) yield past;
    }
  }

  #at(i: number): TaskPast {
    const task = this.#tasks[i];
    if (task === undefined) throw new RangeError(`There is no task ${i}.`);
    const { statuses, projects, columns } = this.#names;
    const { states, memberships, positions } = this.#tables;
    return {
      ...task,
      states: states.of(i, ({ from, to }, value) => ({
        from,
        to,
        status: statuses[value(0)] ?? '',
        estimated: value(1) === 1,
        priority: value(2),
        points: Number.isNaN(value(3)) ? null : value(3),
      })),
      memberships: memberships.of(i, ({ from, to }, value) => ({
        from,
        to,
        project: projects[value(0)] ?? '',
      })),
      positions: positions.of(i, ({ from, to }, value) => ({
        from,
        to,
        board: projects[value(0)] ?? '',
        column: value(1) < 0 ? null : (columns[value(1)] ?? ''),
      })),
    };
  }
}

/**
 * Reads the pasts of all tasks that ever had one of the projects, up to a day. Memory: the titles, and some 30 bytes for
 * each interval.
 */
export async function readPasts(
  file: DataFile,
  projects: readonly string[],
  { zone, asOf }: { readonly zone: ZoneDays; readonly asOf: number },
): Promise<Pasts> {
  await file.run('CREATE OR REPLACE TEMP TABLE scope_task (task UINTEGER)');
  const list = projects.map((phid) => `'${phid.replaceAll("'", "''")}'`).join(', ') || 'NULL';
  await file.run(
    `INSERT INTO scope_task SELECT DISTINCT task FROM membership WHERE project_phid IN (${list})`,
  );
  const tasks: { id: number; title: string; created: number }[] = [];
  const placeOf = new Map<number, number>();
  await eachRow(
    file,
    'SELECT id, title, created_at FROM task SEMI JOIN scope_task ON task = id ORDER BY id',
    ([id, title, created]) => {
      placeOf.set(Number(id), tasks.length);
      tasks.push({ id: Number(id), title: String(title), created: zone.dayOf(Number(created)) });
    },
  );
  /** Task, from and to are the first three columns of the query. */
  const read = async (values: number, sql: string): Promise<IntervalTable> => {
    const table = new IntervalTable(values);
    await eachNumberRow(file, sql, (columns, row) => {
      const value = (i: number) => columns[i]?.[row] ?? 0;
      const [from, end] = [zone.dayOf(value(1)), value(2)];
      const to = end === forever ? asOf + 1 : Math.min(zone.dayOf(end), asOf + 1);
      const task = placeOf.get(value(0));
      if (task !== undefined && from < to) table.add(task, from, to, value(3), value(4), value(5), value(6));
    });
    return table;
  };
  const statuses = await texts(file, 'scope_status', 'SELECT DISTINCT status FROM task_state');
  const states = await read(
    4,
    `SELECT t.task, valid_from, valid_to, c.code, estimated::UINTEGER, priority, coalesce(points, 'NaN'::DOUBLE)
     FROM task_state t SEMI JOIN scope_task s ON s.task = t.task JOIN scope_status c ON c.text = t.status`,
  );
  // Memberships in projects that the tracker does not show decide nothing.
  const known = await texts(file, 'scope_project', 'SELECT phid FROM project');
  const memberships = await read(
    1,
    `SELECT t.task, valid_from, valid_to, c.code FROM membership t SEMI JOIN scope_task s ON s.task = t.task
     JOIN scope_project c ON c.text = t.project_phid`,
  );
  const columns = await texts(file, 'scope_column', "SELECT '' UNION SELECT name FROM board_column");
  const positions = await read(
    2,
    `SELECT t.task, valid_from, valid_to, p.code,
       CASE WHEN b.phid IS NULL THEN -1 WHEN b.is_default THEN ${columns.indexOf('')} ELSE n.code END::INTEGER
     FROM board_position t SEMI JOIN scope_task s ON s.task = t.task JOIN scope_project p ON p.text = t.project_phid
     LEFT JOIN board_column b ON b.phid = t.column_phid LEFT JOIN scope_column n ON n.text = b.name
     WHERE t.project_phid IN (${list})`,
  );
  return new Pasts(tasks, { states, memberships, positions }, { statuses, projects: known, columns });
}

/** Numbers the texts of a query, from 0, in a temporary table (code, text), and gives them in that order. */
async function texts(file: DataFile, table: string, query: string): Promise<readonly string[]> {
  await file.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS
     SELECT (row_number() OVER (ORDER BY text) - 1)::UINTEGER AS code, text FROM (${query}) AS q(text)`,
  );
  const rows = await file.rows(`SELECT text FROM ${table} ORDER BY code`);
  return rows.map(([text]) => String(text));
}
