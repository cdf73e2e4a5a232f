import type { PageKind } from '../text/page-kind.ts';

/** One page's whole life, decided before the first row is written. */
export interface PagePlan {
  readonly namespace: number;
  /** Name at the beginning, with underscores. */
  readonly title: string;
  readonly kind: PageKind;
  /** How many revisions it gets in all, null revisions included. */
  readonly revisions: number;
  /** About how long its text is in the end, bytes. */
  bytes: number;
  /** What becomes of it in the end; `restored` was deleted and is back. */
  readonly fate: 'kept' | 'deleted' | 'suppressed' | 'restored';
  /** The revision (counted from 1) that moves it to another name; 0: none. */
  moveAt: number;
  newTitle: string;
  /** The revision (counted from 1) that notes its protection; 0: none. */
  readonly protectAt: number;
  /** Came from another wiki with its history, all at once. */
  readonly imported: boolean;
  /** Has a second slot from its second revision on. */
  readonly twoSlots: boolean;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** No edit is later than this. */
  readonly endsAt: number;
}
