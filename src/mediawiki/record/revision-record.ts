/**
 * What a dump needs to know of a page and its revisions, except the texts: the rows of MediaWiki's tables, whatever
 * its schema version, brought into one form.
 *
 * Every column that holds bytes (titles, names, comments) is a *binary string*: one character per byte
 * (Buffer 'latin1'), as stored, not yet cleaned. So nothing is lost when the wiki holds invalid UTF-8, and the writer
 * can build a whole revision as one latin1 string.
 */
export type BinaryString = string;

/** rev_deleted / log_deleted / oi_deleted bits (MediaWiki's RevisionRecord, LogPage, File). */
export const deletedBit = { text: 1, comment: 2, user: 4, restricted: 8 } as const;

export interface RedirectTarget {
  readonly namespace: number;
  /** Underscored database key, without fragment. */
  readonly title: BinaryString;
  /** Interwiki prefix as stored; '' for a local target. */
  readonly interwiki: BinaryString;
}

export interface PageRecord {
  readonly id: number;
  readonly namespace: number;
  /** page_title: with underscores, without namespace. */
  readonly title: BinaryString;
  readonly isRedirect: boolean;
  /** page_latest. */
  readonly latestRevisionId: number;
  /** The redirect table's row, if there is one. */
  readonly redirect: RedirectTarget | null;
}

export interface SlotRecord {
  readonly role: string;
  /** slot_origin: the revision in which this content first appeared. */
  readonly originRevisionId: number;
  readonly model: string;
  /** content_size. */
  readonly sizeBytes: number;
  /** content_sha1, base 36, 31 characters; '' where it was never filled in. */
  readonly sha1: string;
  /** content_address, such as `tt:123`. */
  readonly address: string;
}

/** Why a revision cannot be written as it should be: listed with the run's failed revisions. */
export type RevisionProblem =
  | 'slot-missing'
  | 'main-slot-missing'
  | 'content-missing'
  | 'model-unknown'
  | 'role-unknown'
  | 'actor-missing'
  | 'comment-missing'
  | 'timestamp-invalid';

export interface RevisionRecord {
  readonly id: number;
  /** rev_parent_id; 0 where NULL. */
  readonly parentId: number;
  /** rev_timestamp, 14 digits (whatever is stored, when it is invalid). */
  readonly timestamp: string;
  readonly isMinor: boolean;
  /** rev_deleted, see {@link deletedBit}. */
  readonly deleted: number;
  /** rev_len; null where it was never filled in. */
  readonly sizeBytes: number | null;
  /** rev_sha1; '' where it was never filled in. */
  readonly sha1: string;
  /** actor_user; 0 where NULL. */
  readonly userId: number;
  readonly userName: BinaryString;
  readonly comment: BinaryString;
  /** Main slot first, the others by role name. */
  readonly slots: readonly SlotRecord[];
  /** Anything that the rows lack; MediaWiki's own dump drops or dies on these. */
  readonly problems: readonly RevisionProblem[];
}

/** One row of the logging table. */
export interface LogRecord {
  readonly id: number;
  readonly type: BinaryString;
  readonly action: BinaryString;
  readonly timestamp: string;
  readonly userId: number;
  readonly userName: BinaryString;
  readonly namespace: number;
  readonly title: BinaryString;
  readonly comment: BinaryString;
  readonly params: BinaryString;
  /** log_deleted: 1 action, 2 comment, 4 user, 8 restricted. */
  readonly deleted: number;
  readonly problems: readonly ('actor-missing' | 'comment-missing' | 'timestamp-invalid')[];
}

/** One version of an uploaded file: a row of image (the present one) or oldimage. */
export interface UploadRecord {
  /** File name with underscores. */
  readonly name: BinaryString;
  /** oi_archive_name; null for the present version; '' for an old one whose file is lost. */
  readonly archiveName: BinaryString | null;
  readonly timestamp: string;
  readonly userId: number;
  readonly userName: BinaryString;
  readonly comment: BinaryString;
  readonly sizeBytes: number;
  /** Base 36. */
  readonly sha1: string;
  /** oi_deleted: 1 file, 2 comment, 4 user, 8 restricted. */
  readonly deleted: number;
}
