import type { DuckDBValue } from '@duckdb/node-api';
import { forever } from '../history/interval.ts';
import type { TrackerProject } from '../phabricator/form/tracker-task.ts';
import type { DataFile } from '../store/data-file.ts';
import { type Ancestry, findAncestry, type ParentEdge } from './ancestors.ts';
import { type DaySet, union } from './day-intervals.ts';
import type { ZoneDays } from './zone-days.ts';

export async function readProjects(file: DataFile): Promise<readonly TrackerProject[]> {
  const rows = await file.rows('SELECT id, phid, name FROM project ORDER BY id');
  return rows.map(([id, phid, name]) => ({ id: Number(id), phid: String(phid), name: String(name) }));
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
