/** What retention has to know of one wiki. */
export interface RetentionFacts {
  /** Every date that has a folder, and whether its dump ended well (done, with or without failed items). */
  readonly dates: readonly { readonly date: string; readonly complete: boolean }[];
  /** How many complete dates are kept; at least 1. */
  readonly keep: number;
  /** Dates that any `latest` pointer names, or an unfinished run works on. */
  readonly inUse: ReadonlySet<string>;
  /** Dates that `latest` stopped naming, and when: a download that began then may still go on. */
  readonly leftAt: ReadonlyMap<string, Date>;
  readonly now: Date;
}

const graceMs = 3_600_000;

/**
 * The dates to remove, oldest first. Only complete dates count towards `keep`, so a row of failed ones never pushes out
 * the last good one; what is newer than the oldest kept date stays.
 */
export function planRetention(facts: RetentionFacts): readonly string[] {
  const newestFirst = facts.dates.toSorted((a, b) => (a.date < b.date ? 1 : -1));
  const kept = newestFirst.filter((entry) => entry.complete).slice(0, Math.max(1, facts.keep));
  const oldestKept = kept.length < Math.max(1, facts.keep) ? undefined : kept.at(-1)?.date;
  if (oldestKept === undefined) return [];
  return facts.dates
    .map((entry) => entry.date)
    .filter((date) => date < oldestKept && !facts.inUse.has(date) && !leftLately(date, facts))
    .toSorted();
}

function leftLately(date: string, facts: RetentionFacts): boolean {
  const leftAt = facts.leftAt.get(date);
  return leftAt !== undefined && facts.now.getTime() - leftAt.getTime() < graceMs;
}
