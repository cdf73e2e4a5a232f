import type { RevisionRecord, SlotRecord } from '../../mediawiki/record/revision-record.ts';
import { emptySha1Base36 } from '../../mediawiki/text/sha1.ts';
import { mediawikiPrints, type TextOutcome } from '../../mediawiki/text/text-source.ts';
import { appendReservedText } from '../kernel/clean-text.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';
import type { OutputBuffer } from '../kernel/output-buffer.ts';
import { ContentFormats, unknownFormat } from './content-formats.ts';
import { escapeAttribute, plainElement } from './escape-markup.ts';
import { noFindings, type RevisionFinding } from './findings.ts';
import { effectiveProfile, type WriterOptions } from './options.ts';
import { RenderedTexts } from './rendered-texts.ts';
import { type LoadedText, loadText } from './slot-text.ts';
import { locationAttributes } from './text-location.ts';

/** What MediaWiki prints for a text that is known to be lost. */
const emptyText: LoadedText = { kind: 'loaded', sizeBytes: 0, sha1: emptySha1Base36 };

/**
 * Writes the slots of one revision at a time: begin(), then slot() for each in order. Markup that is not written yet
 * goes in and comes out as a string, so that what stands between two texts is one string and one write.
 */
export class SlotRenderer {
  readonly #options: WriterOptions;
  readonly #out: OutputBuffer;
  readonly #mode: EscapeMode;
  readonly #formats: ContentFormats;
  readonly #rendered: RenderedTexts;
  /** Most slots have the model of the one before: only models whose format is known are kept. */
  #lastModel = { model: '', indent: '', markup: '' };
  #revision: RevisionRecord | null = null;
  #hidden = false;
  #findings: readonly RevisionFinding[] = noFindings;
  /** Hashes by role, kept only where the revision's own is missing. */
  readonly hashes = new Map<string, string>();

  constructor(options: WriterOptions, out: OutputBuffer) {
    this.#options = options;
    this.#out = out;
    this.#mode = effectiveProfile(options);
    this.#formats = new ContentFormats(options.modelFormats);
    this.#rendered = new RenderedTexts(out);
  }

  get findings(): readonly RevisionFinding[] {
    return this.#findings;
  }

  begin(revision: RevisionRecord, hidden: boolean, findings: readonly RevisionFinding[]): void {
    this.#revision = revision;
    this.#hidden = hidden;
    this.#findings = findings;
    if (this.hashes.size > 0) this.hashes.clear();
  }

  /** A slot that this schema does not print: its hash may still be needed. */
  unprinted(slot: SlotRecord, outcome: TextOutcome | null): void {
    if (slot.model === '') this.#report('dropped', slot, 'model-unknown', 'The slot has no content model.');
    const text = outcome === null ? null : this.#load(slot, outcome);
    this.#remember(slot, slot.sha1 === '' && text !== null ? text.sha1 : slot.sha1);
  }

  /** Returns the markup that follows the text. */
  slot(slot: SlotRecord, outcome: TextOutcome | null, before: string): string {
    const isMain = slot.role === 'main';
    const indent = isMain ? '      ' : '        ';
    const text = outcome === null ? null : this.#load(slot, outcome);
    const sha1 = slot.sha1 === '' && text !== null ? text.sha1 : slot.sha1;
    this.#remember(slot, sha1);
    const head = `${before}${isMain ? '' : `      <content>\n        ${plainElement('role', slot.role, this.#mode)}\n`}${this.#contentHead(slot, indent)}`;
    const after = isMain ? '' : '      </content>\n';
    if (this.#hidden) {
      const known = this.#options.asMediawiki ? this.#sizeAndHash(slot.sizeBytes, sha1) : '';
      return `${head}${indent}<text${known} deleted="deleted" />\n${after}`;
    }
    if (this.#options.texts === 'stub') {
      return `${head}${indent}<text${this.#sizeAndHash(slot.sizeBytes, sha1)}${locationAttributes(slot, this.#options)} />\n${after}`;
    }
    if (text === null) {
      if (outcome === null) this.#report('failed', slot, 'text-missing', 'No text was given.');
      else if (outcome.kind === 'failed' && mediawikiPrints[outcome.code] === 'empty-text') {
        return this.#withText(`${head}${indent}`, slot, outcome, emptyText, sha1) + after;
      }
      return `${head}${indent}<text${this.#sizeAndHash(slot.sizeBytes, sha1)} />\n${after}`;
    }
    return this.#withText(`${head}${indent}`, slot, outcome, text, sha1) + after;
  }

  #withText(
    head: string,
    slot: SlotRecord,
    outcome: TextOutcome | null,
    text: LoadedText,
    sha1: string,
  ): string {
    const onePass = this.#mode === 'one-pass';
    const attributes = this.#sizeAndHash(onePass ? text.sizeBytes : slot.sizeBytes, sha1);
    if (text.sizeBytes === 0)
      return `${head}<text${attributes}${onePass ? ' xml:space="preserve"' : ''} />\n`;
    const out = this.#out;
    const start = out.length;
    out.appendLatin1(`${head}<text${attributes} xml:space="preserve">`);
    const contentStart = out.length;
    if (text.again) out.appendAgain(text.again.from, text.again.to);
    else if (text.escaped) out.appendBytes(text.escaped);
    else appendReservedText(out, text.sizeBytes, this.#mode);
    if (out.length > contentStart) {
      if (outcome !== null && text.again === undefined)
        this.#rendered.add(slot.sha1, outcome, text, contentStart);
      return '</text>\n';
    }
    // Nothing but carriage returns, which the text pass drops: an empty text after all.
    out.truncate(start);
    return `${head}<text${attributes} />\n`;
  }

  #contentHead(slot: SlotRecord, indent: string): string {
    const origin =
      this.#options.schema === '0.11' ? `${indent}<origin>${slot.originRevisionId}</origin>\n` : '';
    return `${origin}${this.#modelAndFormat(slot, indent)}`;
  }

  #modelAndFormat(slot: SlotRecord, indent: string): string {
    const last = this.#lastModel;
    if (slot.model === last.model && indent === last.indent) return last.markup;
    const known = this.#formats.format(slot.model);
    const markup = `${indent}${plainElement('model', slot.model, this.#mode)}\n${indent}<format>${known ?? unknownFormat}</format>\n`;
    if (known !== null) {
      this.#lastModel = { model: slot.model, indent, markup };
      return markup;
    }
    this.#report(
      'incomplete',
      slot,
      'model-unknown',
      `The format of content model ${slot.model} is not known.`,
    );
    return markup;
  }

  #sizeAndHash(sizeBytes: number, sha1: string): string {
    return this.#options.schema === '0.11'
      ? ` bytes="${sizeBytes}" sha1="${escapeAttribute(sha1)}"`
      : ` bytes="${sizeBytes}"`;
  }

  #load(slot: SlotRecord, outcome: TextOutcome): LoadedText | null {
    const text = this.#rendered.find(slot.sha1, outcome) ?? loadText(this.#out, outcome, slot.sizeBytes);
    if (text.kind === 'failed') {
      this.#report('failed', slot, text.code, text.detail);
      return null;
    }
    const stored = slot.sha1 !== '' || this.#revision?.slots.length !== 1 ? slot.sha1 : this.#revision.sha1;
    if (stored !== '' && stored !== text.sha1) {
      this.#report('mismatch', slot, 'sha1-mismatch', `Stored ${stored}, read ${text.sha1}.`);
    }
    return text;
  }

  #remember(slot: SlotRecord, sha1: string): void {
    if (this.#revision?.sha1 === '') this.hashes.set(slot.role, sha1);
  }

  #report(kind: RevisionFinding['kind'], slot: SlotRecord, code: string, detail: string): void {
    this.#findings = [...this.#findings, { kind, role: slot.role, code, detail }];
  }
}
