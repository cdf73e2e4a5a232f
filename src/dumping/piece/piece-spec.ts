import type { Position, PositionRange } from '../carry/position.ts';
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

/** Outputs whose files are cut at the same pages, named as the sets that they are published in. */
export const splitGroups = ['stubs', 'articles', 'current', 'history'] as const;
export type SplitGroup = (typeof splitGroups)[number];

export function splitGroupOf(output: LaneOutput): SplitGroup {
  return output === 'stub-history' || output === 'stub-current' || output === 'stub-articles'
    ? 'stubs'
    : output;
}

/** Where the bundles of a group's lanes must end, so that its files can be cut there. */
export interface SplitSpec {
  readonly group: SplitGroup;
  /** The last pages of parts that are known already, rising. */
  readonly cuts: readonly number[];
  /** A place for further cuts is made at least every so many raw bytes and pages, at the end of a page. */
  readonly everyRawBytes: number;
  readonly everyPages: number;
}

/** What lies between two places where a group's files can be cut. */
export interface SplitSegment {
  readonly lastPage: number;
  /** Of that lane of the group that has most. */
  readonly rawBytes: number;
  readonly pages: number;
  /** False at the end of a piece that ends within a page: no file can be cut there. */
  readonly whole: boolean;
}

/** What a rendering thread is to build: all outputs of a range of the spool. */
export interface PieceSpec {
  readonly spoolFolder: string;
  /** Half open. */
  readonly fromChunk: number;
  readonly toChunk: number;
  /** Of those chunks only what lies inside. */
  readonly range: PositionRange;
  /** What can be taken over from the date before; empty: nothing. */
  readonly carry: readonly CarrySource[];
  /** What has been hidden or deleted since the spool was written. */
  readonly redactions: Redactions;
  /** An existing, empty, private folder. */
  readonly folder: string;
  readonly lanes: readonly LaneSpec[];
  readonly bundle: BundleSizes;
  /** The groups whose files are split. */
  readonly splits: readonly SplitSpec[];
}

/** Raw bytes that a bundle of each format may have. */
export interface BundleSizes {
  readonly zst: number;
  readonly bz2: number;
}

/** A lane's file of the date before: its bundles are copied where nothing in them has changed. */
export interface CarrySource extends LaneSpec {
  /** The file's parts (one where it is whole). */
  readonly paths: readonly string[];
  /** A file with a JSON line for each of its bundles in the piece's range ({@link CarriedLine}), in order. */
  readonly bundlesFile: string;
  /** Unchanged revisions of changed bundles are taken from this lane, and a share of its bundles is checked. */
  readonly givesTexts: boolean;
  /** Of the bundles of the lane that gives texts, the share that is read from the database all the same (0 to 1). */
  readonly recheck: number;
  /** How many dates have been made one from the other: makes checks rotate. */
  readonly turn: number;
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
  /** The first and the last page of which something is in the file; null when it is empty. */
  readonly pageRange: PageRange | null;
}

/** Page ids, both ends included. */
export interface PageRange {
  readonly firstPageId: number;
  readonly lastPageId: number;
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
  /** SHA-256 of the compressed bytes, hexadecimal. */
  readonly sha256: string;
  /** The first and the last page of which something is in the bundle. */
  readonly firstPage: number;
  readonly lastPage: number;
  /** How many pages begin and how many revisions end in the bundle. */
  readonly begun: number;
  readonly revisions: number;
  /** Pages that begin in the bundle: id and title as it stands in the XML. Only where an index is made of them. */
  readonly pages?: readonly (readonly [number, string])[];
  /** What the next dump compares; absent in stubs, which are always written anew. */
  readonly units?: BundleUnits;
  /** The bundle is one of the date before. */
  readonly copied?: true;
}

/** The units (page heads, revisions, page tails) of a bundle. */
export interface BundleUnits {
  /** Where the first stands. */
  readonly from: Position;
  readonly count: number;
  /** SHA-256 over the units' digests; null where one of them must not be carried over. */
  readonly digest: string | null;
  /** Revisions with a fault: their texts are not taken over either. */
  readonly without?: readonly number[];
}

/** How much of a piece came from the date before. */
export interface CarryReport {
  readonly copiedBundles: number;
  readonly copiedRawBytes: number;
  readonly recheckedBundles: number;
  /** Texts that came from bundles of the date before, and those that were asked of the database; stated sizes. */
  readonly carriedTexts: number;
  readonly carriedTextBytes: number;
  readonly readTexts: number;
  readonly readTextBytes: number;
  /** Why something could not be taken over, one sentence each. */
  readonly refused: readonly string[];
}

export interface PieceReport {
  readonly pages: number;
  readonly revisions: number;
  readonly rawBytes: number;
  readonly lanes: readonly LaneReport[];
  /** For each group that is split, in the order of the pages. */
  readonly splits: readonly { readonly group: SplitGroup; readonly segments: readonly SplitSegment[] }[];
  readonly failed: readonly FailedRevision[];
  readonly carry: CarryReport;
}

export const pieceReportName = 'piece.json';
