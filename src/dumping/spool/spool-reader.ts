import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { ZstFrameReader } from '../../export/containers/zst/frame.ts';
import { type ChunkVisitor, decodeChunk, walkChunk } from '../../mediawiki/record/chunk-codec.ts';
import type { RecordChunk } from '../../mediawiki/record/page-part.ts';
import { type SpoolManifest, spoolFileName, spoolManifestName, spoolVersion } from './spool-manifest.ts';

/** Of all pieces that a thread makes: what is decoded keeps none of the bytes. */
const frames = new ZstFrameReader();

/** Reads a finished spool, chunk by chunk in any order. Synchronous: it is used in rendering threads. Memory: one chunk. */
export class SpoolReader implements Disposable {
  readonly manifest: SpoolManifest;
  readonly #path: string;
  readonly #file: number;

  private constructor(path: string, manifest: SpoolManifest) {
    this.#path = path;
    this.manifest = manifest;
    this.#file = openSync(path, 'r');
  }

  static open(folder: string): SpoolReader {
    const manifest = readSpoolManifest(folder);
    if (!manifest) throw damaged(folder, 'its manifest is missing or of another version');
    const path = join(folder, spoolFileName);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size !== manifest.fileBytes)
      throw damaged(path, `it has ${size ?? 0} of ${manifest.fileBytes} bytes`);
    return new SpoolReader(path, manifest);
  }

  chunk(index: number): RecordChunk {
    return this.#decoded(index, decodeChunk);
  }

  /** The same, record by record: what the visitor does not keep is gone with the next. */
  walk(index: number, visitor: ChunkVisitor): void {
    this.#decoded(index, (bytes) => walkChunk(bytes, visitor));
  }

  #decoded<T>(index: number, decode: (bytes: Buffer) => T): T {
    const entry = this.manifest.entries[index];
    if (!entry) throw new RangeError(`the spool has no chunk ${index}`);
    const frame = Buffer.allocUnsafe(entry.length);
    const read = readSync(this.#file, frame, 0, entry.length, entry.at);
    if (read !== entry.length) throw damaged(this.#path, `it ends in chunk ${index}`);
    try {
      return decode(frames.read(frame));
    } catch (error) {
      throw damaged(this.#path, `chunk ${index} at byte ${entry.at} cannot be read`, error);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** The manifest of a finished spool of this version; null when there is none: then the spool is made (anew). */
export function readSpoolManifest(folder: string): SpoolManifest | null {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, spoolManifestName), 'utf8')) as SpoolManifest;
    return manifest.version === spoolVersion ? manifest : null;
  } catch {
    return null;
  }
}

function damaged(path: string, what: string, cause?: unknown): RotaError {
  return new RotaError(
    'SPOOL_DAMAGED',
    `the spool ${path} is damaged: ${what}; start the run from its spool stage (--from-stage spool)`,
    { cause, facts: { path } },
  );
}
