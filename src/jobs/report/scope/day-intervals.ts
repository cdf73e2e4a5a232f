/** From the first day (a number) to before the second. */
export interface DayInterval {
  readonly from: number;
  readonly to: number;
}

/** Days that belong to a set: intervals in order that neither touch nor overlap. */
export type DaySet = readonly DayInterval[];

export function union(a: DaySet, b: DaySet): DaySet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged: DayInterval[] = [];
  for (const next of [...a, ...b].sort((x, y) => x.from - y.from)) {
    const last = merged.at(-1);
    if (last === undefined || last.to < next.from) merged.push(next);
    else if (next.to > last.to) merged[merged.length - 1] = { from: last.from, to: next.to };
  }
  return merged;
}

export function intersection(a: DaySet, b: DaySet): DaySet {
  const common: DayInterval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i], b[j]];
    if (x === undefined || y === undefined) break;
    const from = Math.max(x.from, y.from);
    const to = Math.min(x.to, y.to);
    if (from < to) common.push({ from, to });
    if (x.to < y.to) i += 1;
    else j += 1;
  }
  return common;
}

export function holds(set: DaySet, day: number): boolean {
  return set.some(({ from, to }) => from <= day && day < to);
}

export function isEqual(a: DaySet, b: DaySet): boolean {
  return a.length === b.length && a.every((x, i) => x.from === b[i]?.from && x.to === b[i]?.to);
}
