import type { Program } from '../../export/containers/program.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import type { DatabaseAddress } from '../../mediawiki/database/database-address.ts';
import type { PieceReport, PieceSpec } from '../piece/piece-spec.ts';
import type { FailedRevision } from './failed-revision.ts';

/** What a rendering thread is given when it starts: it opens its own connections for texts. */
export interface ThreadSetup {
  readonly database: DatabaseAddress;
  readonly externalStores: Readonly<Record<string, DatabaseAddress>>;
  readonly legacyEncoding: string | null;
  /** How long a text connection that is lost is tried again, milliseconds. */
  readonly retryForMs: number;
  /** Where uploaded files are, when their contents are to be included. */
  readonly imagesFolder: string | null;
  /** For jobs of a stream; pieces name their own. */
  readonly writer: WriterOptions;
  readonly compression: StreamCompression;
  /** For pieces with bz2 files; null where none are made. */
  readonly bz2: { readonly program: Program; readonly concurrency: number } | null;
}

export type StreamCompression = 'none' | 'zst' | 'gz';

export type ToThread =
  /** Render one chunk of metadata; `rendered` follows. */
  | { readonly kind: 'render'; readonly id: number; readonly chunk: Uint8Array }
  /** It is this chunk's turn: write its bytes to the descriptor; `written` follows. */
  | { readonly kind: 'write'; readonly id: number; readonly descriptor: number }
  /** Build a piece of a full dump; `piece` follows. */
  | { readonly kind: 'piece'; readonly id: number; readonly spec: PieceSpec }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'rendered'; readonly id: number; readonly failed: readonly FailedRevision[] }
  | { readonly kind: 'written'; readonly id: number; readonly bytes: number; readonly rawBytes: number }
  | { readonly kind: 'progress'; readonly id: number; readonly revisions: number; readonly rawBytes: number }
  | { readonly kind: 'piece'; readonly id: number; readonly report: PieceReport }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ThreadFailure };

/** An error on its way between threads. */
export interface ThreadFailure {
  readonly code: string | null;
  readonly message: string;
  readonly stack: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}
