/** A host's entry in a pool that we changed, or were about to. Kept in the run store, for whoever comes after us. */
export interface HeldEntry {
  readonly key: string;
  /** What was there before. */
  readonly before: string;
  readonly beforeRevision: string;
  /** What we wrote, and its revision; null: we were about to. */
  readonly ours: string;
  readonly ourRevision: string | null;
}

/** The entries that we hold, by host. */
export type PoolJournal = Readonly<Record<string, readonly HeldEntry[]>>;

export function poolJournalKey(environment: string): string {
  return `deploy/${environment}/pools`;
}
