import type { ByteText } from '../language/byte-text.ts';
import type { PagePlan } from './page-plan.ts';
import type { StoredContent } from './text-store.ts';

/** A page in the middle of its life. */
export interface LivePage {
  readonly plan: PagePlan;
  readonly id: number;
  title: string;
  /** Revisions so far. */
  done: number;
  /** Events so far: revisions, and its end. */
  events: number;
  latest: number;
  latestAt: string;
  blocks: ByteText[];
  bytes: number;
  content: StoredContent;
  aux: StoredContent | null;
  /** What stood there before it was spoiled: the next edit brings it back. */
  spoiled: { readonly blocks: ByteText[]; readonly content: StoredContent } | null;
  /** Bits of the latest revision's rev_deleted. */
  hidden: number;
}

/** A row of `page`, and what else is known of a page that goes on. */
export interface FinishedPage {
  readonly id: number;
  readonly namespace: number;
  readonly title: string;
  readonly latest: number;
  readonly latestAt: string;
  readonly bytes: number;
  readonly model: string;
  readonly redirect: boolean;
  readonly isNew: boolean;
}
