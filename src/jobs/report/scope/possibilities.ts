import type { Possibility } from '../model/scope-model.ts';
import type { DataFile } from '../store/data-file.ts';
import { holds } from './day-intervals.ts';
import type { SegmentContext } from './make-segments.ts';
import { readProjects } from './read-scope.ts';
import { type ScopeTask, segmentOn, type TaskPast } from './scope-task.ts';

/** What rules could match: projects, columns and ancestors that the scope's tasks have on the as-of day. */
export async function readPossibilities(
  file: DataFile,
  pasts: Iterable<TaskPast>,
  tasks: readonly ScopeTask[],
  context: SegmentContext,
  asOf: number,
): Promise<readonly Possibility[]> {
  const projects = new Map((await readProjects(file)).map((project) => [project.phid, project]));
  const inScope = new Set(tasks.filter((task) => segmentOn(task, asOf)?.category).map(({ id }) => id));
  const found = new Map<string, { -readonly [K in keyof Possibility]: Possibility[K] }>();
  const count = (kind: Possibility['kind'], id: number, name: string) => {
    const key = `${kind} ${id} ${name}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { kind, id, name, count: 1 });
    else known.count += 1;
  };
  const isNow = (part: { readonly from: number; readonly to: number }) => part.from <= asOf && asOf < part.to;
  for (const past of pasts) {
    if (!inScope.has(past.id)) continue;
    for (const membership of past.memberships) {
      const project = projects.get(membership.project);
      if (project !== undefined && isNow(membership)) count('project', project.id, project.name);
    }
    for (const position of past.positions) {
      const board = projects.get(position.board);
      if (board !== undefined && position.column && isNow(position))
        count('column', board.id, position.column);
    }
    for (const { id, title, days } of context.ancestors(past.id))
      if (holds(days, asOf)) count('ancestor', id, title);
  }
  const kinds = ['project', 'column', 'ancestor'];
  return [...found.values()].sort(
    (a, b) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      b.count - a.count ||
      a.id - b.id ||
      (a.name < b.name ? -1 : 1),
  );
}
