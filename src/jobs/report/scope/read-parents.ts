import { forever } from '../history/interval.ts';
import type { DataFile } from '../store/data-file.ts';
import { eachRow } from './read-scope.ts';
import type { ParentsOf } from './status-report.ts';
import type { ZoneDays } from './zone-days.ts';

/** The parents of the tasks in `scope_task`, also those that the tracker names and does not show. */
export async function readParents(
  file: DataFile,
  { zone, asOf }: { readonly zone: ZoneDays; readonly asOf: number },
): Promise<ParentsOf> {
  const parents = new Map<number, { parent: number | null; from: number; to: number }[]>();
  const take = (task: number, parent: number | null, from: number, to: number) => {
    const edge = { parent, from: zone.dayOf(from), to: to === forever ? asOf + 1 : zone.dayOf(to) };
    parents.set(task, [...(parents.get(task) ?? []), edge]);
  };
  await eachRow(
    file,
    'SELECT child, parent, valid_from, valid_to FROM parent SEMI JOIN scope_task ON task = child',
    ([child, parent, from, to]) => take(Number(child), Number(parent), Number(from), Number(to)),
  );
  await eachRow(
    file,
    `SELECT e.task, min(told_at) FROM parent_event e SEMI JOIN scope_task s ON s.task = e.task
     WHERE role = 'parent' AND other_phid NOT IN (SELECT phid FROM task) GROUP BY e.task`,
    ([task, at]) => take(Number(task), null, Number(at), forever),
  );
  return (task) => parents.get(task) ?? [];
}
