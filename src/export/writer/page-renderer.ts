import {
  deletedBit,
  type PageRecord,
  type RevisionRecord,
  type SlotRecord,
  type UploadRecord,
} from '../../mediawiki/record/revision-record.ts';
import { sha1Base36 } from '../../mediawiki/text/sha1.ts';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';
import type { OutputBuffer } from '../kernel/output-buffer.ts';
import { ContributorCache } from './contributor.ts';
import { cleanedElement, escapeAttribute, plainElement } from './escape-markup.ts';
import { noFindings, type RevisionFinding } from './findings.ts';
import { effectiveProfile, type WriterOptions } from './options.ts';
import { RedirectTitles } from './redirect-title.ts';
import { SlotRenderer } from './slot-renderer.ts';
import { isoTimestamp } from './timestamp.ts';
import { Titles } from './titles.ts';
import { type UploadFinding, UploadRenderer } from './upload-renderer.ts';
import { dropReason, isSlotPrinted, isTextHidden, needsText } from './visibility.ts';

/**
 * Writes pages: head, revisions in the order in which they are given, tail. Byte for byte what MediaWiki writes, save
 * the differences that `asMediawiki` switches off (see WriterOptions).
 *
 * A revision whose rows or texts lack something never stops the dump: what can be printed truthfully is, and
 * revision() says what is wrong. Left out as a whole are only revisions without a valid timestamp or without a main
 * slot and its model: the format has no way to say that these are missing.
 */
export class PageRenderer {
  readonly #options: WriterOptions;
  readonly #out: OutputBuffer;
  readonly #mode: EscapeMode;
  readonly #titles: Titles;
  readonly #redirects: RedirectTitles;
  readonly #contributors: ContributorCache;
  readonly #slots: SlotRenderer;
  readonly #uploads: UploadRenderer;
  readonly #minor: string;

  constructor(options: WriterOptions, out: OutputBuffer) {
    this.#options = options;
    this.#out = out;
    this.#mode = effectiveProfile(options);
    this.#titles = new Titles(options.siteInfo);
    this.#redirects = new RedirectTitles(options.siteInfo, this.#titles);
    this.#contributors = new ContributorCache({ indent: '      ', mode: this.#mode, withoutId: '0' });
    this.#slots = new SlotRenderer(options, out);
    this.#uploads = new UploadRenderer(options, options.uploads ?? { baseUrl: '' }, out);
    this.#minor = this.#mode === 'one-pass' ? '      <minor/>\n' : '      <minor />\n';
  }

  pageHead(page: PageRecord): void {
    const title = this.#titles.text(page.namespace, page.title);
    const target = page.isRedirect && page.redirect !== null ? this.#redirects.title(page.redirect) : null;
    const redirect = target === null ? '' : `    <redirect title="${escapeAttribute(target)}" />\n`;
    this.#out.appendLatin1(
      `  <page>\n    ${cleanedElement('title', title, this.#mode)}\n    <ns>${page.namespace}</ns>\n    <id>${page.id}</id>\n${redirect}`,
    );
  }

  pageTail(): void {
    this.#out.appendLatin1('  </page>\n');
  }

  /** Whether `texts` of revision() must hold this slot's text: false for what is hidden or not printed. */
  wantsText(page: PageRecord, revision: RevisionRecord, slot: SlotRecord): boolean {
    return needsText(page, revision, slot, this.#options);
  }

  /** `texts[i]` belongs to `revision.slots[i]`; null where wantsText() says that none is wanted. */
  revision(
    page: PageRecord,
    revision: RevisionRecord,
    texts: readonly (TextOutcome | null)[],
  ): readonly RevisionFinding[] {
    const dropped = dropReason(revision, this.#options);
    if (dropped !== null) {
      return [{ kind: 'dropped', role: '', code: dropped, detail: `Revision ${revision.id} is left out.` }];
    }
    const hidden = isTextHidden(page, revision, this.#options);
    const slots = this.#slots;
    slots.begin(revision, hidden, revision.problems.length === 0 ? noFindings : incomplete(revision));
    let markup = this.#revisionHead(revision);
    for (let index = 0; index < revision.slots.length; index += 1) {
      const slot = revision.slots[index];
      if (slot === undefined) continue;
      const text = texts[index] ?? null;
      if (isSlotPrinted(slot, this.#options)) markup = slots.slot(slot, text, markup);
      else slots.unprinted(slot, text);
    }
    this.#out.appendLatin1(`${markup}${this.#revisionHash(revision, hidden)}    </revision>\n`);
    return slots.findings;
  }

  /** A version of the page's file, oldest first, after all revisions; `options.uploads` says where files are. */
  upload(upload: UploadRecord): readonly UploadFinding[] {
    return this.#uploads.upload(upload);
  }

  #revisionHead(revision: RevisionRecord): string {
    const { deleted } = revision;
    const parent = revision.parentId === 0 ? '' : `      <parentid>${revision.parentId}</parentid>\n`;
    const contributor =
      (deleted & deletedBit.user) !== 0
        ? '      <contributor deleted="deleted" />\n'
        : this.#contributors.element(revision.userId, contributorName(revision));
    return `    <revision>\n      <id>${revision.id}</id>\n${parent}      <timestamp>${isoTimestamp(revision.timestamp)}</timestamp>\n${contributor}${revision.isMinor ? this.#minor : ''}${this.#comment(revision)}`;
  }

  #comment(revision: RevisionRecord): string {
    if ((revision.deleted & deletedBit.comment) !== 0) return '      <comment deleted="deleted" />\n';
    if (revision.comment === '') return '';
    return `      ${cleanedElement('comment', revision.comment, this.#mode)}\n`;
  }

  /** The hash of all slots: as stored, or computed by role from theirs. */
  #revisionHash(revision: RevisionRecord, hidden: boolean): string {
    if (hidden) return this.#mode === 'one-pass' ? '      <sha1/>\n' : '      <sha1 />\n';
    const hash = revision.sha1 === '' ? combinedHash(this.#slots.hashes) : revision.sha1;
    return `      ${plainElement('sha1', hash, this.#mode)}\n`;
  }
}

/** MediaWiki prints an empty name as that of an unknown user; an actor that is not there, as one without a name. */
function contributorName(revision: RevisionRecord): string {
  if (revision.userName !== '' || revision.problems.includes('actor-missing')) return revision.userName;
  return 'Unknown user';
}

/** Folds the slots' hashes in the order of their roles; '' where one of them is not known. */
function combinedHash(hashes: ReadonlyMap<string, string>): string {
  const inOrder = [...hashes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, hash]) => hash);
  if (inOrder.includes('')) return '';
  return inOrder.reduce((sum, hash) => sha1Base36(sum + hash));
}

function incomplete(revision: RevisionRecord): readonly RevisionFinding[] {
  return revision.problems.map((code) => ({
    kind: 'incomplete',
    role: '',
    code,
    detail: `Revision ${revision.id} is printed without what its rows lack.`,
  }));
}
