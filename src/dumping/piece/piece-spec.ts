import type { FailedRevision } from '../threads/failed-revision.ts';

/** The files that a piece contributes to: an output in one format. */
export interface LaneSpec {
  readonly output: LaneOutput;
  readonly format: 'gz' | 'bz2' | 'zst';
}

export type LaneOutput =
  | 'stub-history'
  | 'stub-current'
  | 'stub-articles'
  | 'history'
  | 'current'
  | 'articles';

/** Which revisions go into an output, as dumpBackup.php's filters name them. */
export const laneFilters = {
  'stub-history': { texts: 'stub', revisions: 'all' },
  'stub-current': { texts: 'stub', revisions: 'latest' },
  'stub-articles': { texts: 'stub', revisions: 'articles' },
  history: { texts: 'full', revisions: 'all' },
  current: { texts: 'full', revisions: 'latest' },
  articles: { texts: 'full', revisions: 'articles' },
} as const satisfies Readonly<
  Record<LaneOutput, { texts: 'stub' | 'full'; revisions: 'all' | 'latest' | 'articles' }>
>;

/** What a rendering thread is to build: all outputs of a range of the spool. */
export interface PieceSpec {
  readonly spoolFolder: string;
  /** Half open. */
  readonly fromChunk: number;
  readonly toChunk: number;
  /** What has been hidden or deleted since the spool was written. */
  readonly redactions: Redactions;
  /** An existing, empty, private folder. */
  readonly folder: string;
  readonly lanes: readonly LaneSpec[];
}

/** Found by the last look, applied to the spool when a piece is built again. */
export interface Redactions {
  readonly gonePages: readonly number[];
  readonly goneRevisions: readonly number[];
  /** Revision id to bits of rev_deleted that are set now. */
  readonly hiddenRevisions: Readonly<Record<string, number>>;
}

export const noRedactions: Redactions = { gonePages: [], goneRevisions: [], hiddenRevisions: {} };

/** One lane's file of a piece. */
export interface LaneReport extends LaneSpec {
  /** Names inside the piece's folder; the second holds one JSON line a bundle ({@link BundleLine}). */
  readonly file: string;
  readonly bundlesFile: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly rawBytes: number;
  readonly pages: number;
  readonly revisions: number;
  readonly bundles: number;
}

/** One bundle: an independently compressed part of the lane's file. */
export interface BundleLine {
  /** Compressed and raw length in bytes. */
  readonly length: number;
  readonly raw: number;
  /** bz2 only: the number of blocks, for splicing. */
  readonly blocks?: number;
  /** True when the bundle ends with the end of a page: a multistream stream may end here. */
  readonly whole: boolean;
  /** Pages that begin in the bundle: id and title as it stands in the XML. Only where an index is made of them. */
  readonly pages?: readonly (readonly [number, string])[];
}

export interface PieceReport {
  readonly pages: number;
  readonly revisions: number;
  readonly rawBytes: number;
  readonly lanes: readonly LaneReport[];
  readonly failed: readonly FailedRevision[];
}

export const pieceReportName = 'piece.json';
