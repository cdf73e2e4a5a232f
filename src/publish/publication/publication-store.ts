/**
 * What publication asks of run control. The truth about what is published is a pointer in the store; the file system
 * follows it. Run control's adapter guards `commitPointer` by the token of the run that publishes, so that a worker
 * that lost its lease is refused (LEASE_LOST) and changes nothing.
 */
export interface PublicationStore {
  readPointer(key: string): Promise<StoredPointer | null>;
  commitPointer(key: string, value: string): Promise<void>;
}

export interface StoredPointer {
  readonly value: string;
  /** Changes with every commit of this key; only compared for equality. */
  readonly version: number | string;
}

/** Holds a lease by name while the work is done: links change only under `publish/<job>/<subject>`. */
export interface LinkLease {
  hold<T>(name: string, work: () => Promise<T>): Promise<T>;
}
