import { chunkFormatVersion } from '../../mediawiki/record/chunk-codec.ts';

/** One chunk of the spool: where it lies in the file and what it holds. */
export interface SpoolEntry {
  /** Offset and length in the spool file, bytes. */
  readonly at: number;
  readonly length: number;
  readonly revisions: number;
  /** Pages whose first part is in this chunk. */
  readonly pages: number;
  /** Sum of the slots' stated sizes. */
  readonly contentBytes: number;
  readonly firstPage: number;
  readonly lastPage: number;
  /** How many pages end in it, where their prints were noted. */
  readonly printed?: number;
}

/** How sure it is that the spool shows the wiki at one moment. */
export type SpoolConsistency =
  | { readonly kind: 'snapshot'; readonly at: string; readonly greatestRevisionId: number }
  | {
      readonly kind: 'per-range';
      readonly ranges: readonly {
        readonly fromPage: number;
        /** Exclusive; null for the last range, which is open. */
        readonly toPage: number | null;
        readonly at: string;
        readonly greatestRevisionId: number;
      }[];
    };

/** Written when the spool is whole: a spool folder without it is an unfinished one. */
export interface SpoolManifest {
  readonly version: number;
  readonly consistency: SpoolConsistency;
  readonly pages: number;
  readonly revisions: number;
  readonly contentBytes: number;
  readonly fileBytes: number;
  /** Of the log, when the (first) snapshot was taken; absent in spools of older versions. */
  readonly greatestLogId?: number;
  readonly entries: readonly SpoolEntry[];
}

export const spoolFileName = 'revisions.spool';
/** Beside it: of each page, in order, 8 bytes for its id (a little-endian double) and its print. */
export const spoolPrintsName = 'pages.prints';
export const spoolManifestName = 'spool.json';
export const spoolVersion = chunkFormatVersion;
