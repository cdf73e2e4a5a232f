/** How long a date that `latest` named is kept after it no longer does: downloads of it are still under way. */
export const latestGraceMs = 3_600_000;

export interface PublishedDate {
  readonly date: string;
  /** A publication pointer names it. */
  readonly pointed: boolean;
  /** When `latest` last named it; undefined when it never did. */
  readonly latestUntil?: Date;
}

/**
 * Which dates of a subject may be deleted, oldest first: all but the newest `keep`, those that a pointer names and
 * those that `latest` named in the last hour.
 */
export function datesToDelete(p: {
  readonly dates: readonly PublishedDate[];
  readonly keep: number;
  readonly now: Date;
}): readonly string[] {
  if (!Number.isInteger(p.keep) || p.keep < 1)
    throw new RangeError(`keep is ${p.keep}; at least one date is kept`);
  const newestFirst = [...p.dates].sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
  return newestFirst
    .slice(p.keep)
    .filter(({ pointed, latestUntil }) => {
      if (pointed) return false;
      return latestUntil === undefined || p.now.getTime() - latestUntil.getTime() >= latestGraceMs;
    })
    .map(({ date }) => date)
    .reverse();
}
