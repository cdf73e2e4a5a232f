/**
 * Where a unit (a page's head, a revision, a page's tail) stands in the order of a dump: page, then revision id. The
 * head has revision 0, the tail the greatest number.
 */
export type Position = readonly [page: number, revision: number];

export const tailRevision = Number.MAX_SAFE_INTEGER;

export function comparePositions(a: Position, b: Position): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** Half open; null: from the beginning, to the end. */
export interface PositionRange {
  readonly from: Position | null;
  readonly to: Position | null;
}

export const everything: PositionRange = { from: null, to: null };

export function isInside({ from, to }: PositionRange, page: number, revision: number): boolean {
  if (from !== null && (page < from[0] || (page === from[0] && revision < from[1]))) return false;
  return to === null || page < to[0] || (page === to[0] && revision < to[1]);
}
