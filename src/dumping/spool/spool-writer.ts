import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { zstFrame } from '../../export/containers/zst/frame.ts';
import type { EncodedChunk } from '../../mediawiki/record/page-part.ts';
import { encodePrints } from './page-prints.ts';
import {
  type SpoolConsistency,
  type SpoolEntry,
  type SpoolManifest,
  spoolFileName,
  spoolManifestName,
  spoolPrintsName,
  spoolVersion,
} from './spool-manifest.ts';

/**
 * Writes the spool: a wiki's metadata, frozen, in (page, revision) order, as zstd frames of one chunk each, with a
 * manifest that is written last. Private (mode 0600): it holds hidden comments and names.
 * Memory: one chunk.
 */
export class SpoolWriter implements AsyncDisposable {
  readonly #folder: string;
  readonly #file: FileHandle;
  readonly #prints: FileHandle;
  readonly #entries: SpoolEntry[] = [];
  #at = 0;

  private constructor(folder: string, file: FileHandle, prints: FileHandle) {
    this.#folder = folder;
    this.#file = file;
    this.#prints = prints;
  }

  /** Begins anew: whatever an unfinished attempt left in the folder is overwritten. */
  static async create(folder: string): Promise<SpoolWriter> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(join(folder, spoolManifestName), { force: true });
    const file = await open(join(folder, spoolFileName), 'w', 0o600);
    return new SpoolWriter(folder, file, await open(join(folder, spoolPrintsName), 'w', 0o600));
  }

  async add(chunk: EncodedChunk): Promise<void> {
    // The frame's own checksum is what tells a damaged spool from a good one when a piece reads it days later.
    const frame = zstFrame(chunk.bytes, 1).bytes;
    await writeFully(this.#file, frame);
    if (chunk.prints !== undefined) await writeFully(this.#prints, encodePrints(chunk.prints));
    this.#entries.push({
      at: this.#at,
      length: frame.length,
      revisions: chunk.revisionCount,
      pages: chunk.pageCount,
      contentBytes: chunk.contentBytes,
      firstPage: chunk.firstPageId,
      lastPage: chunk.lastPageId,
      ...(chunk.prints === undefined ? {} : { printed: chunk.prints.length }),
    });
    this.#at += frame.length;
  }

  /** Makes the spool whole: from here on it is never written again. */
  async finish(
    consistency: SpoolConsistency,
    more: Pick<SpoolManifest, 'greatestLogId'> = {},
  ): Promise<SpoolManifest> {
    await this.#file.sync();
    await this.#prints.sync();
    const sum = (of: (entry: SpoolEntry) => number) =>
      this.#entries.reduce((total, entry) => total + of(entry), 0);
    const manifest: SpoolManifest = {
      version: spoolVersion,
      consistency,
      pages: sum((entry) => entry.pages),
      revisions: sum((entry) => entry.revisions),
      contentBytes: sum((entry) => entry.contentBytes),
      fileBytes: this.#at,
      ...more,
      entries: this.#entries,
    };
    const path = join(this.#folder, spoolManifestName);
    await using file = await open(`${path}.tmp`, 'w', 0o600);
    await file.writeFile(JSON.stringify(manifest));
    await file.sync();
    await rename(`${path}.tmp`, path);
    return manifest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await this.#prints.close();
  }
}

async function writeFully(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}
