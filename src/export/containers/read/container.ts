import { RotaError } from '../../../core/errors/rota-error.ts';

export type ContainerFormat = 'bz2' | 'gz' | 'zst' | '7z' | 'plain';

export interface ContainerChunk {
  readonly bytes: Buffer;
  /** Offset of the chunk in the decompressed content. */
  readonly rawOffset: number;
  /** How far into the file the reading has come (never less than the chunk needed); null where nobody knows (7z). */
  readonly fileOffset: number | null;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Where the programs for bz2 and 7z are looked for, as in the environment variable PATH. */
  readonly searchPath: string;
  /** Threads for programs that can use several (lbzip2); by default as many as the machine has cores. */
  readonly threads?: number;
}

export interface Container {
  readonly path: string;
  readonly format: ContainerFormat;
  readonly fileBytes: number;
  /**
   * The decompressed content from its start. May be called again. Leaving early stops what runs underneath.
   * @throws RotaError ARCHIVE_DAMAGED, PROGRAM_MISSING, FILE_UNREADABLE; the signal's reason when it was aborted
   */
  chunks(): AsyncGenerator<ContainerChunk, void, void>;
}

/** A file as the readers of the formats see it. */
export interface ContainerFile {
  readonly path: string;
  readonly fileBytes: number;
}

/** Where a reader gave up. */
export interface DamagePlace {
  /** In the file, as near as is known; null when nothing is. */
  readonly fileOffset: number | null;
  /** How much content was given out before; null when the reading began somewhere in the middle. */
  readonly rawOffset: number | null;
  /** The reader had read ahead: the damage lies somewhere before that offset. */
  readonly readAhead?: boolean;
}

/** What an error says of a file; of a stream nobody knows the length. */
export interface NamedFile {
  readonly path: string;
  readonly fileBytes: number | null;
}

export function damaged(file: NamedFile, at: DamagePlace, what: string, cause?: unknown): RotaError {
  const where = at.readAhead === true ? 'before' : 'near';
  const size = file.fileBytes === null ? '' : ` of ${file.fileBytes}`;
  const place = at.fileOffset === null ? '' : ` ${where} byte ${at.fileOffset}${size}`;
  const after = at.rawOffset === null ? '' : `, after ${at.rawOffset} bytes of content`;
  return new RotaError(
    'ARCHIVE_DAMAGED',
    `${file.path} is damaged or cut short${place}${after}: ${what}; fetch or make it again.`,
    {
      facts: { path: file.path, fileBytes: file.fileBytes, what, ...at },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
