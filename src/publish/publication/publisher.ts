import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { dumpSets } from '../dump-catalogue/dump-output.ts';
import { assertDate, undatedName } from '../dump-catalogue/file-name.ts';
import { awaitCommitted } from '../files/copy-verified.ts';
import { checksumAlgorithms } from '../files/file-digest.ts';
import { checksumLine } from '../status/checksum-files.ts';
import type { Audience, Trees } from '../workspace/tree.ts';
import { workPath } from '../workspace/workspace.ts';
import { followSet } from './follow-set.ts';
import { goneNames, latestSums, switchLinks } from './latest-links.ts';
import {
  decodeLatestSet,
  decodePublishedSet,
  encodePointer,
  type LatestSet,
  latestKey,
  linkLeaseName,
  type PublishedFile,
  type PublishedSet,
  publicationKey,
  type SetAddress,
  sameContent,
} from './pointers.ts';
import type { LinkLease, PublicationStore } from './publication-store.ts';
import { nodeFileSystem, type PublishingFileSystem } from './publishing-file-system.ts';

export interface PublisherParts {
  readonly trees: Trees;
  readonly store: PublicationStore;
  readonly lease: LinkLease;
  readonly clock: Clock;
  /** For the RSS feeds; without it their links are relative. */
  readonly webRoot?: string;
  /** The sets that `latest` knows; default: those of a full dump. */
  readonly sets?: readonly string[];
  /** How long another host's file may stay invisible on a shared tree; default 0, NFS needs 60,000. */
  readonly patienceMs?: number;
  readonly fileSystem?: PublishingFileSystem;
}

export interface SetToPublish extends SetAddress {
  /** A private wiki's files, all of them, enter the private tree only. */
  readonly privateWiki: boolean;
  /** Verified and durable. */
  readonly files: readonly PublishedFile[];
}

/**
 * Publishes verified sets: the pointer in the store first, under the run's token, then the file system after it. What a
 * crash leaves half done is completed by repeating the call, or by `reconcile` in the monitor.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #fs: PublishingFileSystem;
  readonly #sets: readonly string[];

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#fs = parts.fileSystem ?? nodeFileSystem;
    this.#sets = parts.sets ?? dumpSets;
  }

  /**
   * Publishes one set and moves `latest` to it when its date is the newest. Errors: PRIVATE_IN_PUBLIC,
   * PUBLICATION_CONFLICT, PUBLISHED_FILE_DIFFERS, CHECKSUM_MISMATCH, DISK_FULL, and what the store throws (LEASE_LOST).
   */
  async publish(set: SetToPublish): Promise<PublishedSet> {
    assertPublishable(set);
    const key = publicationKey(set);
    const next: PublishedSet = {
      version: 1,
      publishedAt: this.#parts.clock.now().toISOString(),
      files: set.files.map(({ name, audience, committedPath, digest }) => ({
        name,
        audience,
        committedPath,
        digest: { sizeBytes: digest.sizeBytes, md5: digest.md5, sha1: digest.sha1, sha256: digest.sha256 },
      })),
    };
    const before = await this.readSet(set);
    const published = before === null ? next : this.#repeated(set, before, next);
    if (before === null) await this.#awaitFiles(next);
    if (before === null || encodePointer(before) !== encodePointer(published)) {
      await this.#parts.store.commitPointer(key, encodePointer(published));
    }
    await this.followSet(set, published, 'hash');
    await this.#advanceLatest(set, published);
    return published;
  }

  /** The published set; null when there is none. */
  async readSet(at: SetAddress): Promise<PublishedSet | null> {
    const key = publicationKey(at);
    const pointer = await this.#parts.store.readPointer(key);
    return pointer === null ? null : decodePublishedSet(key, pointer.value);
  }

  /** What `latest` names for a set; null when it names nothing. */
  async readLatest(at: Omit<SetAddress, 'date'>): Promise<LatestSet | null> {
    const key = latestKey(at);
    const pointer = await this.#parts.store.readPointer(key);
    return pointer === null ? null : decodeLatestSet(key, pointer.value);
  }

  /** Makes the trees hold a published set; gives how many files it moved. */
  async followSet(at: SetAddress, set: PublishedSet, proof: 'hash' | 'size'): Promise<number> {
    return await followSet(this.#fs, this.#parts.trees, at, set, proof);
  }

  /**
   * Makes `latest` name what its pointer says, under the link lease: reads the pointer, switches, and reads again until
   * nothing changed in between, so that the last one to switch has switched to the last pointer.
   */
  async followLatest(at: Omit<SetAddress, 'date'>): Promise<void> {
    const key = latestKey(at);
    await this.#parts.lease.hold(linkLeaseName(at), async () => {
      let pointer = await this.#parts.store.readPointer(key);
      while (pointer !== null) {
        const latest = decodeLatestSet(key, pointer.value);
        const set = await this.readSet({ ...at, date: latest.date });
        if (set !== null) await this.#switch(at, latest, set);
        const again = await this.#parts.store.readPointer(key);
        if (again?.version === pointer.version) return;
        pointer = again;
      }
    });
  }

  async #advanceLatest(at: SetAddress, set: PublishedSet): Promise<void> {
    const latest = await this.readLatest(at);
    const previous = latest === null ? null : await this.readSet({ ...at, date: latest.date });
    // A newer date that was taken back holds nothing up.
    if (latest === null || latest.date < at.date || (latest.date > at.date && previous === null)) {
      const gone =
        latest === null || previous === null
          ? []
          : goneNames(at.wiki, { date: latest.date, set: previous }, { date: at.date, set });
      const next: LatestSet = {
        version: 1,
        date: at.date,
        movedAt: this.#parts.clock.now().toISOString(),
        before: latest === null ? null : { date: latest.date, gone },
      };
      await this.#parts.store.commitPointer(latestKey(at), encodePointer(next));
    } else if (latest.date > at.date) {
      return;
    }
    await this.followLatest(at);
  }

  async #switch(at: Omit<SetAddress, 'date'>, latest: LatestSet, set: PublishedSet): Promise<void> {
    const { trees, webRoot } = this.#parts;
    const move = { wiki: at.wiki, latest, set, ...(webRoot === undefined ? {} : { webRoot }) };
    for (const audience of ['private', 'public'] as const) {
      await switchLinks(this.#fs, trees[audience], move);
      if (set.files.some((file) => file.audience === audience)) await this.#writeLatestSums(at, audience);
    }
  }

  /** The checksums of what `latest` names now; its sets may be of different dates, so no date's own list fits. */
  async #writeLatestSums(at: Omit<SetAddress, 'date'>, audience: Audience): Promise<void> {
    const tree = this.#parts.trees[audience];
    const files: PublishedFile[] = [];
    for (const set of this.#sets) {
      const latest = await this.readLatest({ ...at, set });
      const published = latest === null ? null : await this.readSet({ ...at, set, date: latest.date });
      files.push(...(published?.files ?? []).filter((file) => file.audience === audience));
    }
    for (const algorithm of checksumAlgorithms) {
      const body = files.map((file) => checksumLine(file.digest[algorithm], file.name)).join('');
      await this.#fs.writeFileAtomic(latestSums(tree, at.wiki, algorithm), body, { mode: tree.fileMode });
    }
  }

  /** The pointer stands already: the same contents (perhaps from another workspace) go on, others are refused. */
  #repeated(at: SetAddress, before: PublishedSet, next: PublishedSet): PublishedSet {
    if (sameContent(before, next)) return { ...next, publishedAt: before.publishedAt };
    throw new RotaError(
      'PUBLICATION_CONFLICT',
      `The set ${at.set} of ${at.wiki} of ${at.date} is already published with other files; dump under another date, or withdraw it first`,
      { facts: { key: publicationKey(at), publishedAt: before.publishedAt } },
    );
  }

  /** A pointer must never name what is not there. */
  async #awaitFiles(set: PublishedSet): Promise<void> {
    const { trees, clock, patienceMs } = this.#parts;
    for (const file of set.files) {
      const { sizeBytes, sha256 } = file.digest;
      const path = workPath(trees[file.audience], file.committedPath);
      const patience = patienceMs === undefined ? {} : { patience: { clock, withinMs: patienceMs } };
      await awaitCommitted({ path, sizeBytes, sha256 }, patience);
    }
  }
}

function assertPublishable(set: SetToPublish): void {
  assertDate(set.date);
  for (const file of set.files) {
    undatedName(set.wiki, set.date, file.name);
    if (set.privateWiki && file.audience === 'public') {
      throw new RotaError(
        'PRIVATE_IN_PUBLIC',
        `${file.name} belongs to a private wiki and was to enter the public tree; nothing of the set was published`,
        { facts: { file: file.name } },
      );
    }
  }
}
