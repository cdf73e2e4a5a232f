import { isKnownStatus } from '../history/statuses.ts';
import { readLoadFacts } from '../load/previous-load.ts';
import type { DataQuality } from '../model/scope-model.ts';
import type { DataFile } from '../store/data-file.ts';
import { unknownColumn } from './match-rules.ts';
import { places } from './read-scope.ts';
import { type ScopeTask, segmentOn, type TaskPast } from './scope-task.ts';

/** So many tasks that could not be read are listed one by one. */
const listed = 200;

export async function readQuality(
  file: DataFile,
  scope: {
    readonly pasts: Iterable<TaskPast>;
    readonly tasks: readonly ScopeTask[];
    readonly asOf: number;
    /** PHIDs. */
    readonly projects: readonly string[];
  },
): Promise<DataQuality> {
  const facts = await readLoadFacts(file);
  const setAside = await file.rows(
    `SELECT task, reason FROM set_aside ORDER BY task, reason LIMIT ${listed}`,
  );
  const unknownColumns = new Set<string>();
  for (const { positions } of scope.pasts) {
    for (const { column, board } of positions) if (column === null) unknownColumns.add(board);
  }
  const { projects } = scope;
  const now = scope.tasks
    .flatMap((task) => segmentOn(task, scope.asOf) ?? [])
    .filter(({ category }) => category !== null);
  return {
    sourceAt: facts.get('source_at') || null,
    loadedAt: facts.get('loaded_at') || null,
    estimatedClosures: now.filter(({ estimated }) => estimated).length,
    unknownProjects: await file.number(
      'SELECT count(DISTINCT project_phid) FROM membership SEMI JOIN scope_task s ON s.task = membership.task WHERE project_phid NOT IN (SELECT phid FROM project)',
    ),
    unknownColumns: unknownColumns.size === 0 ? 0 : await countUnknownColumns(file, projects),
    inUnknownColumns: now.filter(({ category }) => category === unknownColumn).length,
    unknownStatuses: now.filter(({ status }) => !isKnownStatus(status)).length,
    setAsideCount: await file.number('SELECT count(*) FROM set_aside'),
    setAside: setAside.map(([task, reason]) => ({ task: String(task), reason: String(reason) })),
    gone:
      projects.length === 0
        ? 0
        : await file.number(
            `SELECT count(DISTINCT task) FROM gone WHERE project_phid IN (${places(projects)})`,
            [...projects],
          ),
  };
}

async function countUnknownColumns(file: DataFile, projects: readonly string[]): Promise<number> {
  return await file.number(
    `SELECT count(DISTINCT column_phid) FROM board_position p SEMI JOIN scope_task s ON s.task = p.task
     WHERE project_phid IN (${places(projects)}) AND column_phid NOT IN (SELECT phid FROM board_column)`,
    [...projects],
  );
}
