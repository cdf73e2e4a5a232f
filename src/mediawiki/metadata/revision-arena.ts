import { ByteReader } from '../record/byte-reader.ts';
import { ByteWriter } from '../record/byte-writer.ts';
import { decodeRevision, encodeRevision } from '../record/chunk-codec.ts';
import type { RevisionRecord } from '../record/revision-record.ts';
import { mergeRevisions } from './merge-revisions.ts';

/** Where the revisions of a page stand in a {@link RevisionArena}: from `from`, before `to`. */
export interface RevisionRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Revisions as bytes (chunk-codec.ts), by page and ascending by id once sealed. Rows come in any order; those of one
 * revision with several slots are one revision in the end. Memory: a few hundred bytes a revision.
 */
export class RevisionArena {
  readonly #bytes = new ByteWriter(1 << 18);
  readonly #pages: number[] = [];
  readonly #ids: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #contentBytes: number[] = [];
  readonly #ranges = new Map<number, RevisionRange>();
  /** Places in the order of pages and ids. */
  #order: number[] = [];

  /** Takes what `write` writes for one revision's row. */
  add(page: number, id: number, contentBytes: number, write: (out: ByteWriter) => void): void {
    this.#pages.push(page);
    this.#ids.push(id);
    this.#contentBytes.push(contentBytes);
    this.#starts.push(this.#bytes.length);
    write(this.#bytes);
    this.#ends.push(this.#bytes.length);
  }

  /** Brings them into order; nothing is added afterwards. */
  seal(): this {
    const pages = this.#pages;
    const ids = this.#ids;
    const order = Array.from(ids.keys());
    const pageOf = (place: number) => pages[place] ?? 0;
    const idOf = (place: number) => ids[place] ?? 0;
    order.sort((a, b) => pageOf(a) - pageOf(b) || idOf(a) - idOf(b));
    let kept = 0;
    for (const place of order) {
      const last = kept > 0 ? (order[kept - 1] ?? 0) : -1;
      if (last >= 0 && idOf(last) === idOf(place) && pageOf(last) === pageOf(place)) this.#merge(last, place);
      else order[kept++] = place;
    }
    order.length = kept;
    this.#order = order;
    for (let from = 0; from < kept; ) {
      const page = pageOf(order[from] ?? 0);
      let to = from + 1;
      while (to < kept && pageOf(order[to] ?? 0) === page) to++;
      this.#ranges.set(page, { from, to });
      from = to;
    }
    return this;
  }

  /** An empty range for a page without any. */
  rangeOf(page: number): RevisionRange {
    return this.#ranges.get(page) ?? { from: 0, to: 0 };
  }

  /** Where the revision of a page is; an empty range when it is not there. */
  find(page: number, id: number): RevisionRange {
    const { from, to } = this.rangeOf(page);
    for (let at = from; at < to; at++) if (this.id(at) === id) return { from: at, to: at + 1 };
    return { from: 0, to: 0 };
  }

  id(at: number): number {
    return this.#ids[this.#place(at)] ?? 0;
  }

  /** Sum of its slots' sizes. */
  contentBytes(at: number): number {
    return this.#contentBytes[this.#place(at)] ?? 0;
  }

  /** Appends a revision's bytes to another writer. */
  copy(at: number, out: ByteWriter): void {
    const place = this.#place(at);
    out.append(this.#bytes, this.#starts[place], this.#ends[place]);
  }

  record(at: number): RevisionRecord {
    return this.#decode(this.#place(at));
  }

  #place(at: number): number {
    const place = this.#order[at];
    if (place === undefined) throw new RangeError(`there is no revision ${at} of ${this.#order.length}`);
    return place;
  }

  #decode(place: number): RevisionRecord {
    return decodeRevision(new ByteReader(this.#bytes.view(this.#starts[place], this.#ends[place])));
  }

  /** Rare: only pages with several slots have such rows. */
  #merge(into: number, from: number): void {
    const merged = mergeRevisions(this.#decode(into), this.#decode(from));
    this.#contentBytes[into] = (this.#contentBytes[into] ?? 0) + (this.#contentBytes[from] ?? 0);
    this.#starts[into] = this.#bytes.length;
    encodeRevision(this.#bytes, merged);
    this.#ends[into] = this.#bytes.length;
  }
}
