import type { IsoDay } from './days.ts';

export interface TaskRef {
  readonly id: number;
  readonly title: string;
  readonly category: string;
  /** Null where there is neither a value nor a default of the scope. */
  readonly points: number | null;
  /** As the tracker calls it: `High`, `Needs Triage`; `priorityOrder` says how they are sorted. */
  readonly priority: string;
}

export interface OpenTask extends TaskRef {
  /** Open, stalled, progress. */
  readonly status: string;
  /** Empty: no column or the default one. */
  readonly column: string;
  readonly created: IsoDay;
  /** When work began: the first day in a column that is not the default one, or in status progress; null before. */
  readonly started: IsoDay | null;
}

export interface ClosedTask extends TaskRef {
  readonly created: IsoDay;
  readonly started: IsoDay | null;
  readonly closed: IsoDay;
  /** The tracker does not say when; left out of lead and cycle times. */
  readonly estimated: boolean;
}

/** One flow of one task in the last week; `pointsDelta` is what it did to the open points. */
export interface TaskChange extends TaskRef {
  readonly kind: 'resolved' | 'added' | 'removed' | 'reopened' | 'reestimated';
  readonly pointsDelta: number;
}
