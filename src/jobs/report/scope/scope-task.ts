import type { StatusKind } from '../history/statuses.ts';
import type { DayInterval } from './day-intervals.ts';

/** A task's past in days, as the load knows it: what ended on the day it began is not there. */
export interface TaskPast {
  readonly id: number;
  readonly title: string;
  readonly created: number;
  readonly states: readonly PastState[];
  readonly memberships: readonly (DayInterval & { readonly project: string })[];
  readonly positions: readonly (DayInterval & {
    readonly board: string;
    /** Empty for the default column, null for one that is not known. */
    readonly column: string | null;
  })[];
}

export interface PastState extends DayInterval {
  readonly status: string;
  readonly estimated: boolean;
  readonly priority: number;
  readonly points: number | null;
}

/** What a task is in a scope over some days: the state at the end of each of them. */
export interface Segment extends DayInterval {
  readonly status: string;
  readonly kind: StatusKind;
  readonly estimated: boolean;
  readonly state: 'open' | 'resolved';
  readonly priority: number;
  /** With the scope's default. */
  readonly points: number | null;
  /** Null: not in the scope. */
  readonly category: string | null;
  readonly isHidden: boolean;
  /** Index of the rule that matched; -1 for none. */
  readonly rule: number;
  readonly column: string;
  readonly work: 'new' | 'maintenance' | null;
}

export interface ScopeTask {
  readonly id: number;
  readonly title: string;
  readonly created: number;
  /** In order, without gaps, from its creation to the as-of day; equal neighbours are one. */
  readonly segments: readonly Segment[];
}

/** The state at the end of a day; null before the task was there. */
export function segmentOn(task: ScopeTask, day: number): Segment | null {
  const { segments } = task;
  let [low, high] = [0, segments.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment === undefined) return null;
    if (day < segment.from) high = middle - 1;
    else if (day >= segment.to) low = middle + 1;
    else return segment;
  }
  return null;
}
