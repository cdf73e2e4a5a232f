import type { TrackerTask, TrackerTransaction } from '../phabricator/form/tracker-task.ts';
import { forever, type Interval } from './interval.ts';

export interface ColumnInterval extends Interval {
  /** PHIDs of the board's project and of the column. */
  readonly board: string;
  readonly column: string;
}

/**
 * The columns of a task on each board over time. Before its first move on a board there is no interval: it stands in the
 * default column. Moves within a column change nothing.
 */
export function columnHistory(
  task: TrackerTask,
  ordered: readonly TrackerTransaction[],
): readonly ColumnInterval[] {
  const found: ColumnInterval[] = [];
  const current = new Map<string, { column: string; from: number }>();
  for (const step of ordered) {
    if (step.kind !== 'columns') continue;
    const at = Math.max(step.at, task.createdAt);
    for (const { board, column } of step.moves) {
      const now = current.get(board);
      if (now?.column === column) continue;
      if (now !== undefined && now.from < at) {
        found.push({ board, column: now.column, from: now.from, to: at });
      }
      const last = now !== undefined && now.from === at ? lastOf(found, board) : undefined;
      // Back within the second: it never left.
      if (last !== undefined && last.to === at && last.column === column) {
        found.splice(found.indexOf(last), 1);
        current.set(board, { column, from: last.from });
      } else current.set(board, { column, from: at });
    }
  }
  for (const [board, { column, from }] of current) found.push({ board, column, from, to: forever });
  return found;
}

function lastOf(found: readonly ColumnInterval[], board: string): ColumnInterval | undefined {
  return found.findLast((interval) => interval.board === board);
}
