import type { DumpSet, FilePart } from '../../publish/dump-catalogue/dump-output.ts';
import type { FileDigest } from '../../publish/files/file-digest.ts';
import type { Audience } from '../../publish/workspace/tree.ts';

/** A finished file of the run, in its workspace: what stages hand on in their summaries until it is published. */
export interface MadeFile {
  /** The catalogue's name of the output, such as `history-zst`. */
  readonly output: string;
  readonly set: DumpSet;
  readonly name: string;
  readonly audience: Audience;
  /** Relative to the work folder of the audience's tree. */
  readonly committedPath: string;
  readonly digest: FileDigest;
  readonly rawBytes: number;
  readonly counts: FileCounts;
  /** Which part of the output it is; absent where the file holds all of it. */
  readonly split?: FilePart;
}

export interface FileCounts {
  readonly pages?: number;
  readonly revisions?: number;
  readonly logItems?: number;
  readonly rows?: number;
}

/** What a stage that makes files leaves in its summary. */
export interface FilesSummary {
  readonly files: readonly MadeFile[];
  /** When what is in the files was read (ISO 8601); absent for what comes from the spool. */
  readonly readAt?: string;
}
