import { type XmlPart, xmlParts } from '../../export/scanner/xml-parts.ts';
import { isWholeRevision } from './is-whole-revision.ts';
import type { ReadablePiece } from './readable-pieces.ts';

/** Something of a dump that is lost, and between which pages. */
export interface Gap {
  /** Why, and where in the file, as far as is known. */
  readonly what: string;
  /** The last page and revision before it that are kept; null at the beginning. */
  readonly afterPageId: number | null;
  readonly afterRevisionId: number | null;
  /** That page lost its end. */
  readonly cutsPage: boolean;
  /** The first page behind it that is kept; null at the end. */
  readonly beforePageId: number | null;
}

export interface Kept {
  readonly pages: number;
  readonly revisions: number;
  readonly logItems: number;
  readonly lastPageId: number | null;
  readonly lastRevisionId: number | null;
  readonly lastPageIsCut: boolean;
  readonly gaps: readonly Gap[];
  /** Of readable XML that belongs to nothing whole. */
  readonly droppedBytes: number;
}

interface OpenGap extends Omit<Gap, 'beforePageId'> {
  readonly isOpen: true;
}

const endTag = Buffer.from('</mediawiki>');
const pageEnd = Buffer.from('  </page>\n');

/**
 * Writes what is whole of a dump with gaps: head, pages, of a page that a gap cuts the revisions before it. What stands
 * behind a gap counts from the next page's beginning on: to which page revisions before that belong is not known. Pages
 * whose ids do not rise are left out. The caller writes the foot.
 * Memory: a revision.
 */
export async function keepWhole(
  pieces: AsyncGenerator<ReadablePiece, void, void>,
  write: (bytes: Buffer) => Promise<void>,
): Promise<Kept> {
  const keeper = new Keeper(write);
  let stretch: Stretch;
  do {
    stretch = new Stretch(pieces);
    for await (const part of xmlParts(stretch.chunks())) await keeper.take(part, stretch.gap);
    await keeper.endStretch(stretch.gap);
  } while (stretch.gap !== null);
  return keeper.kept;
}

/** What can be read up to the next gap. */
class Stretch {
  readonly #pieces: AsyncGenerator<ReadablePiece, void, void>;
  /** Why it ended; null at the end of the file. */
  gap: string | null = null;

  constructor(pieces: AsyncGenerator<ReadablePiece, void, void>) {
    this.#pieces = pieces;
  }

  async *chunks(): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      const next = await this.#pieces.next();
      if (next.done === true) return;
      if (next.value.kind === 'gap') {
        this.gap = next.value.what;
        return;
      }
      yield next.value.bytes;
    }
  }
}

class Keeper {
  readonly #write: (bytes: Buffer) => Promise<void>;
  /** The page whose beginning was kept and whose end was not yet met. */
  #openPage: number | null = null;
  /** The head of a page that has no whole revision yet. */
  #heldHead: Buffer | null = null;
  #hasHead = false;
  #isLost = false;
  #gap: OpenGap | null = null;
  readonly #gaps: Gap[] = [];
  #counts = { pages: 0, revisions: 0, logItems: 0, droppedBytes: 0 };
  #lastPage: number | null = null;
  #lastRevision: number | null = null;
  #lastIsCut = false;
  #closed = false;

  constructor(write: (bytes: Buffer) => Promise<void>) {
    this.#write = write;
  }

  get kept(): Kept {
    return {
      ...this.#counts,
      lastPageId: this.#lastPage,
      lastRevisionId: this.#lastRevision,
      lastPageIsCut: this.#lastIsCut,
      gaps: this.#gaps,
    };
  }

  /** @param gap why nothing follows what was read last, where that is so */
  async take(part: XmlPart, gap: string | null): Promise<void> {
    switch (part.kind) {
      case 'head':
        if (this.#hasHead) return this.#lose(part.bytes);
        this.#hasHead = true;
        return await this.#write(part.bytes);
      case 'page-open':
        return await this.#openNext(part.pageId, part.bytes);
      case 'revision':
        return await this.#revision(part.id, part.bytes);
      case 'page-close':
        return await this.#close(part.pageId, part.bytes);
      case 'log-item':
        if (!this.#hasHead) {
          await this.#breakOff('its head is missing');
          return this.#lose(part.bytes);
        }
        this.#counts.logItems += 1;
        this.#endGap(null);
        return await this.#write(part.bytes);
      case 'foot':
        this.#closed = true;
        return await this.#endDump(part.bytes);
      case 'other':
        // Damage in the XML itself: what stands behind it in the page may be another page's.
        await this.#breakOff(gap ?? 'the XML does not go on as it should');
        return this.#lose(part.bytes);
      case 'end':
        return;
    }
  }

  /** @param what null at the end of the file */
  async endStretch(what: string | null): Promise<void> {
    if (what !== null) return await this.#breakOff(what);
    if (!this.#closed) await this.#breakOff('the XML ends before </mediawiki>');
    if (this.#gap !== null) this.#endGap(null);
  }

  /** Dumps that were put one behind the other end here, too: that the others are lost has to be told. */
  async #endDump(foot: Buffer): Promise<void> {
    const behind = foot.subarray(foot.indexOf(endTag) + endTag.length);
    if (!behind.some((byte) => byte > 0x20)) return;
    await this.#breakOff('something follows </mediawiki>');
    this.#lose(behind);
  }

  async #openNext(id: number, head: Buffer): Promise<void> {
    if (this.#openPage !== null || this.#heldHead !== null) {
      await this.#breakOff('a page begins before the one before it has ended');
    }
    const rises = id > (this.#lastPage ?? 0);
    if (!rises || !this.#hasHead) {
      await this.#breakOff(this.#hasHead ? 'page ids do not rise' : 'its head is missing');
      return this.#lose(head);
    }
    this.#isLost = false;
    this.#openPage = id;
    this.#heldHead = head;
  }

  async #revision(id: number, bytes: Buffer): Promise<void> {
    if (this.#openPage === null || this.#isLost) return this.#lose(bytes);
    // Between its beginning and its end something may be lost, with ends of others.
    if (!isWholeRevision(bytes)) {
      await this.#breakOff(`revision ${id} is not whole`);
      return this.#lose(bytes);
    }
    await this.#giveHead();
    this.#lastRevision = id;
    this.#counts.revisions += 1;
    await this.#write(bytes);
  }

  async #close(id: number, bytes: Buffer): Promise<void> {
    if (this.#openPage !== id || this.#isLost) return this.#lose(bytes);
    if (bytes.includes('<revision>')) {
      await this.#breakOff('a revision does not end');
      return this.#lose(bytes);
    }
    await this.#giveHead();
    await this.#write(bytes);
    this.#openPage = null;
    this.#lastIsCut = false;
  }

  async #giveHead(): Promise<void> {
    if (this.#heldHead === null || this.#openPage === null) return;
    await this.#write(this.#heldHead);
    this.#endGap(this.#openPage);
    this.#heldHead = null;
    this.#lastPage = this.#openPage;
    this.#lastIsCut = true;
    this.#counts.pages += 1;
  }

  /** Something is lost: an open page is closed behind its last whole revision. */
  async #breakOff(what: string): Promise<void> {
    const isInside = this.#openPage !== null && this.#heldHead === null;
    if (isInside) await this.#write(pageEnd);
    if (this.#heldHead !== null) this.#lose(this.#heldHead);
    this.#openPage = null;
    this.#heldHead = null;
    this.#isLost = true;
    this.#gap ??= {
      ...{ what, isOpen: true, cutsPage: isInside },
      ...{ afterPageId: this.#lastPage, afterRevisionId: this.#lastRevision },
    };
  }

  #endGap(beforePageId: number | null): void {
    if (this.#gap === null) return;
    const { isOpen: _isOpen, ...gap } = this.#gap;
    this.#gaps.push({ ...gap, beforePageId });
    this.#gap = null;
  }

  #lose(bytes: Buffer): void {
    this.#counts.droppedBytes += bytes.length;
  }
}
