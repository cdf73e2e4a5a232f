import type { PageRecord, RevisionRecord, UploadRecord } from './revision-record.ts';

/**
 * A page, or a run of consecutive revisions of one page where the page is cut between two chunks of metadata.
 * `isFirst` and `isLast` tell whether the page's head and tail belong to this part.
 */
export interface PagePart {
  readonly page: PageRecord;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Ascending by id. Empty only for a page without any readable revision (then isFirst and isLast are both true). */
  readonly revisions: readonly RevisionRecord[];
  /** Versions of the page's file, oldest first: only where uploads are asked for, and on the page's last part. */
  readonly uploads?: readonly UploadRecord[];
}

/** A bounded number of page parts in (page id, revision id) order, as one read of the metadata yields them. */
export interface RecordChunk {
  readonly parts: readonly PagePart[];
  readonly revisionCount: number;
  /** Sum of the slots' sizes as the database states them: an estimate of the work. */
  readonly contentBytes: number;
}

/** A page and the digest of its records, as `PagePrinter` makes it. */
export interface PagePrint {
  readonly pageId: number;
  readonly print: Buffer;
}

/** A {@link RecordChunk} as bytes (chunk-codec.ts), with what is asked of it without decoding. */
export interface EncodedChunk {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly revisionCount: number;
  readonly contentBytes: number;
  /** Pages whose first part is in it. */
  readonly pageCount: number;
  readonly firstPageId: number;
  readonly lastPageId: number;
  /** Whether its last page ends in it. */
  readonly endsPage: boolean;
  /** Of the pages that end in it; only where they were asked for. */
  readonly prints?: readonly PagePrint[];
}
