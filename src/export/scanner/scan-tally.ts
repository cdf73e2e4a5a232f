import type { ScanHandler, XmlProblem, XmlProblemKind, XmlScan } from './scan-result.ts';
import { type Tag, tag } from './tags.ts';

const keptProblems = 100;

/** Counts what the scanner finds and checks that it nests and ascends. Offsets are those of the XML. */
export class ScanTally {
  readonly #handler: ScanHandler;
  #pages = 0;
  #revisions = 0;
  #logItems = 0;
  #uploads = 0;
  #firstPageId: number | null = null;
  #lastPageId: number | null = null;
  #firstLogId: number | null = null;
  #lastLogId: number | null = null;
  #greatestRevisionId: number | null = null;
  #idsAscending = true;
  readonly #problems: XmlProblem[] = [];
  #problemCount = 0;

  #inPage = false;
  #pageId = 0;
  #pageStart = 0;
  #pageRevisions = 0;
  #firstRevisionId: number | null = null;
  #lastRevisionId: number | null = null;
  /** The revision or log item being read. */
  #item: typeof tag.revision | typeof tag.logItem | null = null;
  #itemId = 0;
  #itemStart = 0;

  /** The next `<id>` is that of the page, revision or log item just opened. */
  wantsId = false;
  /** `</mediawiki>` was read. */
  closed = false;

  constructor(handler: ScanHandler) {
    this.#handler = handler;
  }

  /** @param id 0 when it could not be read */
  takeId(id: number, offset: number): void {
    this.wantsId = false;
    if (id === 0) this.#problem('id-missing', offset);
    else if (this.#item === tag.revision) this.#takeRevisionId(id, offset);
    else if (this.#item === tag.logItem) this.#takeLogId(id, offset);
    else this.#takePageId(id, offset);
  }

  #takeLogId(id: number, offset: number): void {
    if (this.#lastLogId !== null && id <= this.#lastLogId) this.#disorder('page-order', offset);
    this.#firstLogId ??= id;
    this.#lastLogId = id;
    this.#itemId = id;
  }

  #takePageId(id: number, offset: number): void {
    const previous = this.#lastPageId;
    this.#pageId = id;
    this.#firstPageId ??= id;
    this.#lastPageId = id;
    if (previous !== null && id <= previous) this.#disorder('page-order', offset);
    this.#handler.onPageId?.(id, this.#pageStart);
  }

  #takeRevisionId(id: number, offset: number): void {
    this.#itemId = id;
    if (this.#lastRevisionId !== null && id <= this.#lastRevisionId) this.#disorder('revision-order', offset);
    this.#firstRevisionId ??= id;
    this.#lastRevisionId = id;
    if (id > (this.#greatestRevisionId ?? 0)) this.#greatestRevisionId = id;
    this.#handler.onRevisionId?.(id, this.#itemStart);
  }

  /** @param start of the tag's line @param end past its newline @param offset of its `<` */
  takeTag(kind: Tag, start: number, end: number, offset: number): void {
    switch (kind) {
      case tag.page:
        this.#openPage(start, offset);
        return;
      case tag.pageEnd:
        this.#closePage(end, offset);
        return;
      case tag.revision:
        if (!this.#inPage) this.#problem('not-opened', offset);
        this.#openItem(kind, start, offset);
        return;
      case tag.logItem:
        this.#openItem(kind, start, offset);
        return;
      case tag.revisionEnd:
        this.#closeItem(tag.revision, end, offset);
        return;
      case tag.logItemEnd:
        this.#closeItem(tag.logItem, end, offset);
        return;
      case tag.upload:
        this.#uploads += 1;
        return;
      case tag.siteinfoEnd:
        this.#handler.onHead?.(end);
        return;
      case tag.mediawikiEnd:
        if (this.#inPage || this.#item !== null) this.#problem('not-closed', offset);
        this.#inPage = false;
        this.#item = null;
        this.closed = true;
        this.#handler.onEnd?.(start);
        return;
      default:
        return;
    }
  }

  /** Something other than white space stands after the end. */
  takeTrailing(offset: number): void {
    this.closed = false;
    this.#problem('after-end', offset);
  }

  finish(rawBytes: number): XmlScan {
    if (!this.closed) this.#problem(this.#inPage || this.#item !== null ? 'not-closed' : 'no-end', rawBytes);
    return {
      pages: this.#pages,
      revisions: this.#revisions,
      logItems: this.#logItems,
      uploads: this.#uploads,
      rawBytes,
      firstPageId: this.#firstPageId,
      lastPageId: this.#lastPageId,
      firstLogId: this.#firstLogId,
      lastLogId: this.#lastLogId,
      greatestRevisionId: this.#greatestRevisionId,
      idsAscending: this.#idsAscending,
      closed: this.closed,
      problems: this.#problems,
      problemCount: this.#problemCount,
    };
  }

  #openPage(start: number, offset: number): void {
    if (this.#inPage || this.#item !== null) this.#problem('not-closed', offset);
    if (this.wantsId) this.#problem('id-missing', offset);
    this.#item = null;
    this.#inPage = true;
    this.#pageStart = start;
    this.#pageId = 0;
    this.#pageRevisions = 0;
    this.#firstRevisionId = null;
    this.#lastRevisionId = null;
    this.wantsId = true;
    this.#handler.onPageStart?.(start);
  }

  #closePage(end: number, offset: number): void {
    if (!this.#inPage) {
      this.#problem('not-opened', offset);
      return;
    }
    if (this.#item !== null) this.#problem('not-closed', offset);
    if (this.wantsId) this.#problem('id-missing', offset);
    this.wantsId = false;
    this.#item = null;
    this.#inPage = false;
    this.#pages += 1;
    this.#handler.onPage?.({
      id: this.#pageId,
      start: this.#pageStart,
      end,
      revisions: this.#pageRevisions,
      firstRevisionId: this.#firstRevisionId,
      lastRevisionId: this.#lastRevisionId,
    });
  }

  #openItem(kind: typeof tag.revision | typeof tag.logItem, start: number, offset: number): void {
    if (this.#item !== null) this.#problem('not-closed', offset);
    if (this.wantsId) this.#problem('id-missing', offset);
    this.#item = kind;
    this.#itemId = 0;
    this.#itemStart = start;
    this.wantsId = true;
    if (kind === tag.revision) this.#handler.onRevisionStart?.(start);
  }

  #closeItem(kind: typeof tag.revision | typeof tag.logItem, end: number, offset: number): void {
    if (this.#item !== kind) {
      this.#problem('not-opened', offset);
      return;
    }
    if (this.wantsId) this.#problem('id-missing', offset);
    this.wantsId = false;
    this.#item = null;
    const item = {
      pageId: this.#inPage ? this.#pageId : null,
      id: this.#itemId,
      start: this.#itemStart,
      end,
    };
    if (kind === tag.logItem) {
      this.#logItems += 1;
      this.#handler.onLogItem?.(item);
      return;
    }
    this.#revisions += 1;
    this.#pageRevisions += 1;
    this.#handler.onRevision?.(item);
  }

  #disorder(kind: 'page-order' | 'revision-order', offset: number): void {
    this.#idsAscending = false;
    this.#problem(kind, offset);
  }

  #problem(kind: XmlProblemKind, offset: number): void {
    this.#problemCount += 1;
    const problem = { kind, offset, pageId: this.#lastPageId };
    this.#handler.onProblem?.(problem);
    if (this.#problems.length < keptProblems) this.#problems.push(problem);
  }
}
