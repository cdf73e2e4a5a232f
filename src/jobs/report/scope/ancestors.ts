import { type DaySet, intersection, isEqual, union } from './day-intervals.ts';

export interface ParentEdge {
  readonly child: number;
  readonly parent: number;
  readonly days: DaySet;
}

/** Which tagged tasks (categories, goals) a task descends from, and on which days. */
export type Ancestry = ReadonlyMap<number, ReadonlyMap<number, DaySet>>;

/**
 * Walks down from each tagged task: a child descends from it on the days on which its parent does and the edge was there.
 * Days only ever join, so that circles among tasks come to rest by themselves.
 */
export function findAncestry(tagged: ReadonlyMap<number, DaySet>, edges: readonly ParentEdge[]): Ancestry {
  const children = Map.groupBy(edges, (edge) => edge.parent);
  const ancestry = new Map<number, Map<number, DaySet>>();
  for (const [root, days] of tagged) {
    const reached = new Map<number, DaySet>([[root, days]]);
    const queue = [root];
    for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
      const here = reached.get(task) ?? [];
      for (const { child, days: linked } of children.get(task) ?? []) {
        const before = reached.get(child) ?? [];
        const now = union(before, intersection(here, linked));
        if (isEqual(before, now)) continue;
        reached.set(child, now);
        queue.push(child);
      }
    }
    for (const [task, set] of reached) {
      if (task === root || set.length === 0) continue;
      const roots = ancestry.get(task) ?? new Map<number, DaySet>();
      roots.set(root, set);
      ancestry.set(task, roots);
    }
  }
  return ancestry;
}
