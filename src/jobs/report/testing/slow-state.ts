/**
 * The state of a task at the end of a day, worked out from the dump's own rows for each day anew, as one would with a pencil:
 * slow, and plain to see that it is right. Tests compare the intervals of the load with it.
 */

type Row = readonly unknown[];

export interface SlowState {
  readonly status: string;
  readonly priority: number;
  readonly points: number | null;
  readonly projects: readonly string[];
  /** Of each board on which the task was moved. */
  readonly columns: Readonly<Record<string, string>>;
}

interface DumpTask {
  readonly info: Row;
  readonly transactions: Readonly<Record<string, readonly Row[] | null>>;
  readonly edge?: readonly Row[];
}

/** @param end the first second after the day; null when the task was not there yet */
export function slowState(given: object, end: number): SlowState | null {
  const task = given as DumpTask;
  const created = Number(task.info[7]);
  if (created >= end) return null;
  const rows = (type: string) => (task.transactions[type] ?? []).toSorted(byTime);
  const past = (type: string) => rows(type).filter((row) => timeOf(row) < end);
  const last = (type: string) => past(type).at(-1);
  const first = (type: string) => rows(type)[0];

  // Status: the newest row; before the first one what that says was before; without rows open.
  const infoStatus = String(task.info[4]);
  const isOpenKind = (status: string) => !['resolved', 'declined', 'invalid', 'duplicate'].includes(status);
  let status = 'open';
  if (last('status')) status = String(json(last('status')?.[8]));
  else if (first('status')) status = String(json(first('status')?.[7]) ?? 'open');
  else if (isOpenKind(infoStatus)) status = infoStatus;
  // Closed today, and the last row of all does not say so: from the newest sign of life on.
  const final = rows('status').at(-1);
  const finalStatus = final ? String(json(final[8])) : isOpenKind(infoStatus) ? infoStatus : 'open';
  if (!isOpenKind(infoStatus) && finalStatus !== infoStatus) {
    const alive = Object.values(task.transactions)
      .flatMap((list) => list ?? [])
      .filter((row) => String(row[9]) !== '{"edge:type":51}')
      .map(timeOf);
    if (Math.max(created, ...alive) < end) status = infoStatus;
  }

  const priorityRow = last('priority');
  const firstPriority = first('priority');
  const priority = Number(
    priorityRow
      ? json(priorityRow[8])
      : firstPriority
        ? (json(firstPriority[7]) ?? json(firstPriority[8]))
        : task.info[5],
  );
  const pointsRow = last('points');
  const firstPoints = first('points');
  const points = pointsRow ? json(pointsRow[8]) : firstPoints ? json(firstPoints[7]) : task.info[10];

  let projects = new Set<string>();
  const named = new Set<string>();
  for (const row of rows('core:edge')) {
    const [old, next] = [json(row[7]), json(row[8])];
    if (edgeType(row) !== 41) continue;
    for (const value of [old, next]) for (const phid of phids(value)) named.add(phid);
    if (timeOf(row) >= end) continue;
    if (Array.isArray(old) && Array.isArray(next)) {
      for (const phid of phids(old)) projects.delete(phid);
      for (const phid of phids(next)) projects.add(phid);
    } else projects = new Set(phids(next));
  }
  const seen = new Set<string>();
  for (const row of task.edge ?? []) {
    if (row[1] !== 41) continue;
    const phid = String(row[2]);
    // Of an edge that stands there twice the first counts.
    if (named.has(phid) || seen.has(phid)) continue;
    seen.add(phid);
    if (Math.max(Number(row[3]), created) < end) projects.add(phid);
  }

  const columns: Record<string, string> = {};
  for (const row of past('core:columns')) {
    for (const move of json(row[8]) as readonly { boardPHID: string; columnPHID: string }[]) {
      columns[move.boardPHID] = move.columnPHID;
    }
  }
  return {
    status,
    priority,
    points: points === null ? null : Number(points),
    projects: [...projects].sort(),
    columns,
  };
}

/** By the metadata, or by what stands in the values. */
export function edgeType(row: Row): number | null {
  const told = /"edge:type":(\d+)/.exec(String(row[9]))?.[1];
  if (told !== undefined) return Number(told);
  const [entry] = [json(row[8]), json(row[7])].flatMap((value) => Object.values((value ?? {}) as object));
  return entry === undefined ? null : Number(typeof entry === 'object' ? entry.type : 41);
}

function byTime(a: Row, b: Row): number {
  return timeOf(a) - timeOf(b) || Number(a[0]) - Number(b[0]);
}

function timeOf(row: Row): number {
  return Number(row[10]);
}

function json(value: unknown): unknown {
  return value === '' ? null : JSON.parse(String(value));
}

function phids(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as string[]) : Object.keys((value ?? {}) as object);
}
