import type { DuckDBValue } from '@duckdb/node-api';
import { forever } from '../history/interval.ts';
import type { TrackerProject } from '../phabricator/form/tracker-task.ts';
import type { DataFile } from '../store/data-file.ts';
import { type Ancestry, findAncestry, type ParentEdge } from './ancestors.ts';
import { type DayInterval, type DaySet, union } from './day-intervals.ts';
import type { TaskPast } from './scope-task.ts';
import type { ZoneDays } from './zone-days.ts';

export async function readProjects(file: DataFile): Promise<readonly TrackerProject[]> {
  const rows = await file.rows('SELECT id, phid, name FROM project ORDER BY id');
  return rows.map(([id, phid, name]) => ({ id: Number(id), phid: String(phid), name: String(name) }));
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** The pasts of all tasks that ever had one of the projects, up to a day. Memory: what these tasks have. */
export async function readPasts(
  file: DataFile,
  projects: readonly string[],
  { zone, asOf }: { readonly zone: ZoneDays; readonly asOf: number },
): Promise<readonly TaskPast[]> {
  await file.run('CREATE OR REPLACE TEMP TABLE scope_task (task UINTEGER)');
  if (projects.length === 0) return [];
  await file.run(
    `INSERT INTO scope_task SELECT DISTINCT task FROM membership WHERE project_phid IN (${places(projects)})`,
    [...projects],
  );
  const pasts = new Map<number, Mutable<TaskPast>>();
  await eachRow(
    file,
    'SELECT id, title, created_at FROM task SEMI JOIN scope_task ON task = id ORDER BY id',
    (row) => {
      const [id, title, created] = row;
      const day = zone.dayOf(Number(created));
      const past = {
        id: Number(id),
        title: String(title),
        created: day,
        states: [],
        memberships: [],
        positions: [],
      };
      pasts.set(past.id, past);
    },
  );
  const days = (from: DuckDBValue | undefined, to: DuckDBValue | undefined): DayInterval | null => {
    const first = zone.dayOf(Number(from));
    const end = Number(to) === forever ? asOf + 1 : Math.min(zone.dayOf(Number(to)), asOf + 1);
    return first < end ? { from: first, to: end } : null;
  };
  await eachRow(file, intervals('task_state', 'status, estimated, priority, points'), (row) => {
    const [task, from, to, status, estimated, priority, points] = row;
    const at = days(from, to);
    if (at === null) return;
    pasts.get(Number(task))?.states.push({
      ...at,
      status: String(status),
      estimated: estimated === true,
      priority: Number(priority),
      points: points === null ? null : Number(points),
    });
  });
  await eachRow(file, intervals('membership', 'project_phid'), ([task, from, to, project]) => {
    const at = days(from, to);
    if (at !== null) pasts.get(Number(task))?.memberships.push({ ...at, project: String(project) });
  });
  await eachRow(
    file,
    `SELECT p.task, valid_from, valid_to, p.project_phid, CASE WHEN is_default THEN '' ELSE c.name END
     FROM board_position p SEMI JOIN scope_task s ON s.task = p.task LEFT JOIN board_column c ON c.phid = p.column_phid
     WHERE p.project_phid IN (${places(projects)}) ORDER BY p.task, valid_from`,
    ([task, from, to, board, column]) => {
      const at = days(from, to);
      if (at === null) return;
      const name = column === null ? null : String(column);
      pasts.get(Number(task))?.positions.push({ ...at, board: String(board), column: name });
    },
    [...projects],
  );
  return [...pasts.values()].filter((past) => past.states.length > 0);
}

function intervals(table: string, columns: string): string {
  return `SELECT t.task, valid_from, valid_to, ${columns} FROM ${table} t SEMI JOIN scope_task s ON s.task = t.task ORDER BY t.task, valid_from`;
}

export interface TaggedTitles {
  readonly ancestry: Ancestry;
  readonly titles: ReadonlyMap<number, string>;
}

/** Which tasks descend from categories and goals. Memory: the tracker's parent edges. */
export async function readAncestry(
  file: DataFile,
  tags: readonly string[],
  { zone, asOf }: { readonly zone: ZoneDays; readonly asOf: number },
): Promise<TaggedTitles> {
  const tagged = new Map<number, DaySet>();
  const titles = new Map<number, string>();
  const clip = (from: DuckDBValue | undefined, to: DuckDBValue | undefined): DaySet => {
    const first = zone.dayOf(Number(from));
    const end = Number(to) === forever ? asOf + 1 : Math.min(zone.dayOf(Number(to)), asOf + 1);
    return first < end ? [{ from: first, to: end }] : [];
  };
  if (tags.length === 0) return { ancestry: new Map(), titles };
  await eachRow(
    file,
    `SELECT m.task, t.title, valid_from, valid_to FROM membership m JOIN task t ON t.id = m.task WHERE project_phid IN (${places(tags)})`,
    ([task, title, from, to]) => {
      const id = Number(task);
      titles.set(id, String(title));
      tagged.set(id, union(tagged.get(id) ?? [], clip(from, to)));
    },
    [...tags],
  );
  const edges: ParentEdge[] = [];
  if (tagged.size > 0) {
    await eachRow(
      file,
      'SELECT child, parent, valid_from, valid_to FROM parent',
      ([child, parent, from, to]) => {
        const days = clip(from, to);
        if (days.length > 0) edges.push({ child: Number(child), parent: Number(parent), days });
      },
    );
  }
  return { ancestry: findAncestry(tagged, edges), titles };
}

/** Rows as they come, a chunk at a time. */
export async function eachRow(
  file: DataFile,
  sql: string,
  take: (row: readonly DuckDBValue[]) => void,
  values?: DuckDBValue[],
): Promise<void> {
  const result = await file.connection.stream(sql, values);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    chunk.visitRows(take);
  }
}

export function places(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
