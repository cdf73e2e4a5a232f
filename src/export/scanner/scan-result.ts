export type XmlProblemKind =
  /** The XML ends inside a page, revision or log item, or another one begins before it was closed. */
  | 'not-closed'
  /** A closing tag without its opening one: something before it is missing. */
  | 'not-opened'
  /** A page, revision or log item without a readable `<id>`. */
  | 'id-missing'
  /** A page (or log item) id that is not greater than the one before. */
  | 'page-order'
  /** A revision id that is not greater than the one before in its page. */
  | 'revision-order'
  /** Something stands after `</mediawiki>`. */
  | 'after-end'
  /** No `</siteinfo>`: the beginning of the dump is missing. Told by those who read a dump from its start. */
  | 'no-head'
  /** The XML does not end with `</mediawiki>`. */
  | 'no-end';

export interface XmlProblem {
  readonly kind: XmlProblemKind;
  /** In bytes from the start of the XML. */
  readonly offset: number;
  /** The page being read (or read last), null before the first. */
  readonly pageId: number | null;
}

/** What a scan of export XML counted and met. */
export interface XmlScan {
  readonly pages: number;
  readonly revisions: number;
  readonly logItems: number;
  readonly uploads: number;
  readonly rawBytes: number;
  readonly firstPageId: number | null;
  readonly lastPageId: number | null;
  readonly firstLogId: number | null;
  readonly lastLogId: number | null;
  readonly greatestRevisionId: number | null;
  /** Page ids, revision ids within each page and log ids only rise. */
  readonly idsAscending: boolean;
  /** It ends with `</mediawiki>` (and white space). */
  readonly closed: boolean;
  /** The first 100; `problemCount` counts all. */
  readonly problems: readonly XmlProblem[];
  readonly problemCount: number;
}

/** A whole page: from the start of its first line to the end of its last. */
export interface ScannedPage {
  /** 0 when it has no readable id. */
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly revisions: number;
  readonly firstRevisionId: number | null;
  readonly lastRevisionId: number | null;
}

/** A revision (or, with `pageId` null, a log item), start and end as with pages. */
export interface ScannedItem {
  readonly pageId: number | null;
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Called in the order of the XML; a page after its revisions. Called in the hot loop: be quick. */
export interface ScanHandler {
  onPage?(page: ScannedPage): void;
  onRevision?(revision: ScannedItem): void;
  onLogItem?(item: ScannedItem): void;
  /** Where the line of `<page>` begins: before its id and everything in it. */
  onPageStart?(start: number): void;
  /** The id of the page that was begun; `start` as given to onPageStart. */
  onPageId?(id: number, start: number): void;
  onRevisionStart?(start: number): void;
  onRevisionId?(id: number, start: number): void;
  /** Every fault, also those beyond the first 100. */
  onProblem?(problem: XmlProblem): void;
  /** Where the line of `</mediawiki>` begins. */
  onEnd?(start: number): void;
  /** The end of the line `</siteinfo>`: where the head ends. */
  onHead?(end: number): void;
}
