import { RotaError } from '../core/errors/rota-error.ts';
import type { DumpWriter } from '../export/containers/write/dump-writer.ts';
import { closingTag } from './cat-pages.ts';
import type { DumpSource } from './dump-source.ts';
import { soundParts } from './sound-parts.ts';

/** Where files end: behind so many pages or bytes, or at given page ids. */
export type SplitRule =
  | { readonly by: 'pages'; readonly pages: number }
  | { readonly by: 'bytes'; readonly rawBytes: number }
  /** The last page ids of the files but the last, rising. */
  | { readonly by: 'ids'; readonly ends: readonly number[] };

/** One file of a split: pages `first` to `last`, whether they exist or not. */
export interface SplitPart {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly pages: number;
  readonly revisions: number;
  readonly rawBytes: number;
  /** Where it was written. */
  readonly file: string;
}

export interface SplitTarget {
  /** Opens the next file under a passing name. */
  open(number: number): Promise<DumpWriter>;
  /** Gives the file, which is finished, its name. */
  name(number: number, first: number, last: number): Promise<string>;
}

/**
 * Cuts a dump into dumps of consecutive pages, each with head and foot. A page is never cut. Ranges join without gaps:
 * a file's first is the page after the last of the one before. Memory: a revision, and what the writer holds.
 * @throws RotaError XML_DAMAGED: the files written before stay
 */
export async function* splitDump(
  source: DumpSource,
  rule: SplitRule,
  target: SplitTarget,
): AsyncGenerator<SplitPart, void, void> {
  await using splitter = new Splitter(rule, target);
  for await (const part of soundParts(source)) {
    if (part.kind === 'log-item') {
      throw new RotaError('USAGE', `${source.name} holds log items, no pages: it cannot be split by pages.`);
    }
    if (part.kind === 'head') splitter.head = part.bytes;
    // The last file ends as the whole does: with or without a newline.
    if (part.kind === 'foot') splitter.foot = part.bytes;
    if (part.kind === 'page-open' && splitter.isFullFor(part.pageId)) yield* await splitter.end();
    if (part.kind === 'page-open' || part.kind === 'revision' || part.kind === 'page-close') {
      await splitter.write(part);
    }
  }
  yield* await splitter.end();
}

class Splitter implements AsyncDisposable {
  readonly #rule: SplitRule;
  readonly #target: SplitTarget;
  head: Buffer = Buffer.alloc(0);
  foot: Buffer = closingTag;
  #writer: DumpWriter | null = null;
  #number = 0;
  #first = 1;
  #lastPage = 0;
  #pages = 0;
  #revisions = 0;
  #rawBytes = 0;

  constructor(rule: SplitRule, target: SplitTarget) {
    this.#rule = rule;
    this.#target = target;
  }

  /** Whether a page of that id belongs to another file. */
  isFullFor(pageId: number): boolean {
    if (this.#writer === null) return false;
    if (this.#rule.by === 'pages') return this.#pages >= this.#rule.pages;
    if (this.#rule.by === 'bytes') return this.#rawBytes >= this.#rule.rawBytes;
    const end = this.#endOfRange(this.#lastPage);
    return pageId > end;
  }

  async write(part: { kind: 'page-open' | 'revision' | 'page-close'; pageId: number; bytes: Buffer }) {
    if (this.#writer === null) {
      this.#number += 1;
      this.#writer = await this.#target.open(this.#number);
      await this.#give(this.head);
      if (this.#rule.by === 'ids') this.#first = this.#startOfRange(part.pageId);
    }
    await this.#give(part.bytes);
    this.#lastPage = part.pageId;
    if (part.kind === 'revision') this.#revisions += 1;
    if (part.kind === 'page-close') this.#pages += 1;
  }

  async end(): Promise<SplitPart[]> {
    if (this.#writer === null) return [];
    await this.#give(this.foot);
    await this.#writer.finish();
    this.#writer = null;
    const end = this.#rule.by === 'ids' ? this.#endOfRange(this.#lastPage) : this.#lastPage;
    const last = Number.isFinite(end) ? end : this.#lastPage;
    const file = await this.#target.name(this.#number, this.#first, last);
    const { pages, revisions, rawBytes } = {
      pages: this.#pages,
      revisions: this.#revisions,
      rawBytes: this.#rawBytes,
    };
    const part = { number: this.#number, first: this.#first, last, pages, revisions, rawBytes, file };
    this.#first = last + 1;
    this.#pages = 0;
    this.#revisions = 0;
    this.#rawBytes = 0;
    return [part];
  }

  async #give(bytes: Buffer): Promise<void> {
    await this.#writer?.write(bytes);
    this.#rawBytes += bytes.length;
  }

  #endOfRange(pageId: number): number {
    const ends = this.#rule.by === 'ids' ? this.#rule.ends : [];
    return ends.find((end) => end >= pageId) ?? Number.POSITIVE_INFINITY;
  }

  #startOfRange(pageId: number): number {
    const ends = this.#rule.by === 'ids' ? this.#rule.ends : [];
    return (ends.findLast((end) => end < pageId) ?? 0) + 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer?.[Symbol.asyncDispose]();
  }
}

/**
 * The field's name of a part: `x-pages-meta-history.xml.bz2` → `x-pages-meta-history2.xml-p101p200.bz2`.
 * @param base the name of the whole file, without its folder
 */
export function splitName(base: string, ending: string, part: Pick<SplitPart, 'number' | 'first' | 'last'>) {
  const stem = base.replace(/\.(bz2|gz|zst|7z)$/, '');
  const match = /^(.*?)(?:-p\d+p\d+|(?<=[a-z])\d+)?\.xml(?:-p\d+p\d+)?$/i.exec(stem);
  const range = `-p${part.first}p${part.last}`;
  return match === null
    ? `${stem}-${part.number}${range}${ending}`
    : `${match[1]}${part.number}.xml${range}${ending}`;
}
