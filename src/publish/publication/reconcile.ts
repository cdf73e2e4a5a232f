import { latestKey, publicationKey } from './pointers.ts';
import type { PublicationStore } from './publication-store.ts';
import type { Publisher } from './publisher.ts';

/** A wiki whose published dates are to be put right. */
export interface ReconcileSubject {
  readonly job: string;
  readonly wiki: string;
  readonly dates: readonly string[];
  readonly sets: readonly string[];
}

export interface ReconcileReport {
  /** Pointers that the file system follows now and did not before, or that were looked at for the first time. */
  readonly followed: readonly string[];
  /** One that fails does not stop the others; the monitor raises these as alerts. */
  readonly failed: readonly { readonly key: string; readonly error: unknown }[];
}

/**
 * Completes what a crash left between a pointer and the file system. One object lives as long as the monitor: pointers
 * that it has seen followed are skipped until they change, so a pass over a quiet farm reads only the store.
 */
export class Reconciler {
  readonly #publisher: Publisher;
  readonly #store: PublicationStore;
  readonly #followed = new Map<string, number | string>();

  constructor(publisher: Publisher, store: PublicationStore) {
    this.#publisher = publisher;
    this.#store = store;
  }

  async reconcile(subjects: readonly ReconcileSubject[]): Promise<ReconcileReport> {
    const followed: string[] = [];
    const failed: { key: string; error: unknown }[] = [];
    const follow = async (key: string, action: () => Promise<void>) => {
      let version: number | string | undefined;
      try {
        const pointer = await this.#store.readPointer(key);
        version = pointer?.version;
        if (pointer === null || this.#followed.get(key) === pointer.version) return;
        await action();
        this.#followed.set(key, pointer.version);
        followed.push(key);
      } catch (error) {
        if (await this.#changedSince(key, version)) return;
        failed.push({ key, error });
      }
    };
    for (const { job, wiki, dates, sets } of subjects) {
      for (const set of sets) {
        for (const date of dates) {
          const at = { job, wiki, date, set };
          await follow(publicationKey(at), async () => {
            const published = await this.#publisher.readSet(at);
            if (published !== null) await this.#publisher.followSet(at, published, 'size');
          });
        }
        const at = { job, wiki, set };
        await follow(latestKey(at), () => this.#publisher.followLatest(at));
      }
    }
    return { followed, failed };
  }

  /** A pointer that retention or a withdrawal took away meanwhile is no failure: the next pass sees the new state. */
  async #changedSince(key: string, version: number | string | undefined): Promise<boolean> {
    try {
      return (await this.#store.readPointer(key))?.version !== version;
    } catch {
      return false;
    }
  }
}
