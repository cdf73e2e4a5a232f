import type { LaneReport, LaneSpec, PageRange } from '../../../dumping/piece/piece-spec.ts';
import type { Program } from '../../../export/containers/program.ts';
import type { DumpOutput } from '../../../publish/dump-catalogue/dump-output.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';

/** The XML's head and foot around what the pieces hold. */
export interface Frame {
  readonly header: Buffer;
  readonly footer: Buffer;
}

/** One lane over all pieces: their reports in order, and where the files are. */
export interface LaneParts {
  readonly lane: LaneSpec;
  /** The pages that one part of a split output holds; null: all. */
  readonly range: PageRange | null;
  /** For the index: of everything that bundles depend on besides rows, and how many dates were made in a row. */
  readonly index: { readonly key: string; readonly turn: number };
  readonly parts: readonly {
    readonly id: string;
    readonly folder: string;
    readonly report: LaneReport;
  }[];
}

/** A file that a lane is to become. */
export interface JoinTarget {
  readonly output: DumpOutput;
  readonly path: string;
}

/** The file that it became. */
export interface JoinedFile extends JoinTarget {
  readonly digest: FileDigest;
  readonly held: HeldCounts;
}

/** What the bundles in a file hold: without the XML's head and foot. */
export interface HeldCounts {
  readonly rawBytes: number;
  readonly pages: number;
  readonly revisions: number;
}

export interface Bz2Options {
  readonly program: Program;
  readonly signal: AbortSignal;
}
