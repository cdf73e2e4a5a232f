import { hash } from 'node:crypto';
import { OutputBuffer } from '../../export/kernel/output-buffer.ts';
import type { LedgerEntry } from '../../export/ledger/ledger-format.ts';
import { revisionDigestBytes } from '../../export/ledger/ledger-format.ts';
import { PageDigest } from '../../export/ledger/page-digest.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import { PageRenderer } from '../../export/writer/page-renderer.ts';
import { dropReason, isSlotPrinted, isTextHidden } from '../../export/writer/visibility.ts';
import type { PagePart } from '../../mediawiki/record/page-part.ts';
import type { PageRecord, RevisionRecord } from '../../mediawiki/record/revision-record.ts';

export interface StateHandler {
  /** At a page's first printed revision. `head` is a view: valid until the promise is settled. */
  onPage?(page: PageRecord, head: Buffer, headDigest: Buffer): Promise<void>;
  /** `xml` is a view of the revision as it is printed, with its texts taken out. */
  onRevision?(revision: DigestedRevision, xml: Buffer): void;
  onPageEnd(entry: LedgerEntry): Promise<void>;
}

export interface DigestedRevision {
  readonly id: number;
  /** Its bytes as latin1 characters: a Buffer for each would cost more than the hash. */
  readonly digest: string;
  /** Tells texts apart; 0 where they are hidden. */
  readonly textKey: number;
  /** Whom the revision is by, 0 for those who are not registered. */
  readonly userId: number;
  /** What the digest would be if the contributor had another name (as stored). */
  digestAs(userName: string): string;
}

const pageTail = Buffer.from('  </page>\n');

/**
 * Makes a state's ledger entries from metadata alone: each page is rendered as the text pass prints it, without texts.
 * Rows without content_sha1 must have been completed before (see MissingHashes).
 * Memory: one revision, and some 30 bytes for each revision of a page.
 */
export class StateDigester {
  readonly #writer: WriterOptions;
  readonly #out = new OutputBuffer();
  readonly #renderer: PageRenderer;
  /** For what is rendered beside: views of the first stay valid. */
  #beside: { readonly out: OutputBuffer; readonly renderer: PageRenderer } | null = null;
  readonly #handler: StateHandler;
  readonly #page = new PageDigest();
  #headDigest: Buffer | null = null;
  #ids: number[] = [];
  #digests: string[] = [];
  #textKeys: number[] = [];

  constructor(writer: WriterOptions, handler: StateHandler) {
    this.#writer = { ...writer, profile: 'text-pass', texts: 'full', asMediawiki: false };
    this.#renderer = new PageRenderer(this.#writer, this.#out);
    this.#handler = handler;
  }

  async add(part: PagePart): Promise<void> {
    for (const revision of part.revisions) {
      if (dropReason(revision, this.#writer) !== null) continue;
      if (this.#headDigest === null) await this.#beginPage(part.page);
      this.#addRevision(part.page, revision);
    }
    if (part.isLast && this.#headDigest !== null) await this.#endPage(part.page.id, this.#headDigest);
  }

  async #beginPage(page: PageRecord): Promise<void> {
    this.#out.reset();
    this.#renderer.pageHead(page);
    const head = this.#out.bytes();
    this.#page.addEmptied(head);
    this.#headDigest = Buffer.from(shortDigest(head), 'latin1');
    await this.#handler.onPage?.(page, head, this.#headDigest);
  }

  #addRevision(page: PageRecord, revision: RevisionRecord): void {
    this.#out.reset();
    // Without outcomes the texts' elements are printed as those of texts that cannot be read: empty.
    this.#renderer.revision(page, revision, []);
    const xml = this.#out.bytes();
    const digest = shortDigest(xml);
    const textKey = textKeyOf(page, revision, this.#writer);
    this.#page.addEmptied(xml);
    this.#ids.push(revision.id);
    this.#digests.push(digest);
    this.#textKeys.push(textKey);
    if (this.#handler.onRevision === undefined) return;
    const { id, userId } = revision;
    const digestAs = (userName: string) => this.#digestAs(page, { ...revision, userName });
    this.#handler.onRevision({ id, digest, textKey, userId, digestAs }, xml);
  }

  #digestAs(page: PageRecord, revision: RevisionRecord): string {
    if (this.#beside === null) {
      const out = new OutputBuffer();
      this.#beside = { out, renderer: new PageRenderer(this.#writer, out) };
    }
    const { out, renderer } = this.#beside;
    out.reset();
    renderer.revision(page, revision, []);
    return shortDigest(out.bytes());
  }

  async #endPage(pageId: number, headDigest: Buffer): Promise<void> {
    this.#page.addEmptied(pageTail);
    const entry: LedgerEntry = {
      pageId,
      revisionCount: this.#ids.length,
      digest: this.#page.finish(),
      details: {
        headDigest,
        ids: Float64Array.from(this.#ids),
        digests: Buffer.from(this.#digests.join(''), 'latin1'),
        textKeys: Uint32Array.from(this.#textKeys),
      },
    };
    this.#headDigest = null;
    this.#ids = [];
    this.#digests = [];
    this.#textKeys = [];
    await this.#handler.onPageEnd(entry);
  }
}

function shortDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'binary').slice(0, revisionDigestBytes);
}

/** FNV-1a over roles and hashes of the printed slots; never 0 where something is to be seen. */
function textKeyOf(page: PageRecord, revision: RevisionRecord, writer: WriterOptions): number {
  if (isTextHidden(page, revision, writer)) return 0;
  let key = 0x811c9dc5;
  for (const slot of revision.slots) {
    if (!isSlotPrinted(slot, writer)) continue;
    const text = `${slot.role}\n${slot.sha1}\n`;
    for (let at = 0; at < text.length; at++) key = Math.imul(key ^ text.charCodeAt(at), 0x01000193);
  }
  return key >>> 0 || 1;
}
