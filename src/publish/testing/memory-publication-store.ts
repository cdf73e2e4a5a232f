import type { LinkLease, PublicationStore, StoredPointer } from '../publication/publication-store.ts';

/** A store in memory, for tests of what follows it. */
export class MemoryPublicationStore implements PublicationStore, LinkLease {
  readonly pointers = new Map<string, StoredPointer>();
  readonly held: string[] = [];
  /** Runs before each commit; a test lets it throw or counts with it. */
  beforeCommit: (key: string) => void = () => undefined;

  async readPointer(key: string): Promise<StoredPointer | null> {
    return this.pointers.get(key) ?? null;
  }

  async commitPointer(key: string, value: string): Promise<void> {
    this.beforeCommit(key);
    const version = Number(this.pointers.get(key)?.version ?? 0) + 1;
    this.pointers.set(key, { value, version });
  }

  async hold<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.held.push(name);
    return await work();
  }
}
