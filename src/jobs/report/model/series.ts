/** What work is measured in. */
export type Unit = 'points' | 'count';

/** How a category's tasks are shown: `hide` keeps it in the data and out of the main charts. */
export type Display = 'show' | 'hide';

/** Per day from the model's `start` to its `asOf`, both included. Tasks without points count 0 points. */
export interface DailySeries {
  readonly openCount: Float64Array;
  readonly openPoints: Float64Array;
  readonly resolvedCount: Float64Array;
  readonly resolvedPoints: Float64Array;
}

export interface CategorySeries {
  readonly name: string;
  readonly display: Display;
  readonly daily: DailySeries;
  /** The same without what was resolved before the scope's cutoff; null without a cutoff. */
  readonly sinceCutoff: DailySeries | null;
  readonly flows: FlowSeries;
}

/**
 * What happened in each week, by comparing the states at its two ends. Weeks count back 7 days at a time from the as-of
 * day; entry i is the week that ends on `weekEnds(model)[i]`, the oldest first. Entry 0 has nothing before it: all 0.
 *
 * open(i) - open(i-1) = added + reopened + reestimated - removed - resolved, in count and in points.
 */
export interface FlowSeries {
  readonly count: Flows;
  readonly points: Flows;
}

export interface Flows {
  /** Resolved at the end and in scope; before, open in the tracker or not there yet. With the points of the end. */
  readonly resolved: Float64Array;
  /**
   * In scope at the end and not before, with the points of the end: open, or counted in `resolved` too.
   * (What comes into scope already resolved is no flow.)
   */
  readonly added: Float64Array;
  /** Open in scope before, not in scope at the end (or declined, invalid, duplicate). With the points of before. */
  readonly removed: Float64Array;
  /** In scope at both ends, resolved before, open at the end. With the points of the end. */
  readonly reopened: Float64Array;
  /** Points at the end less points before, of tasks in scope at both ends and open before. Always 0 in count. */
  readonly reestimated: Float64Array;
}
