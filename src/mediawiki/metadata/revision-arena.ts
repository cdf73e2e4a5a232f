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
 * Revisions as bytes (chunk-codec.ts), those of a page together and ascending by id once sealed. Rows come in any order; those of one
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
  /** Places, by page and in the order of ids. */
  readonly #order: number[] = [];

  /** Forgets everything; the memory is kept. */
  reset(): void {
    this.#bytes.reset();
    for (const list of [this.#pages, this.#ids, this.#starts, this.#ends, this.#contentBytes, this.#order]) {
      list.length = 0;
    }
    this.#ranges.clear();
  }

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
    const order = this.#order;
    for (const [page, places] of this.#placesByPage()) {
      const from = order.length;
      let last = -1;
      for (const place of this.#ascending(places)) {
        if (last >= 0 && this.#ids[last] === this.#ids[place]) this.#merge(last, place);
        else order.push(place);
        last = order.at(-1) ?? -1;
      }
      this.#ranges.set(page, { from, to: order.length });
    }
    return this;
  }

  #placesByPage(): Map<number, number[]> {
    const byPage = new Map<number, number[]>();
    for (const [place, page] of this.#pages.entries()) {
      const places = byPage.get(page);
      if (places === undefined) byPage.set(page, [place]);
      else places.push(place);
    }
    return byPage;
  }

  /** Rows mostly come by id: then there is nothing to sort. */
  #ascending(places: number[]): number[] {
    const ids = this.#ids;
    const idOf = (place: number | undefined) => ids[place ?? 0] ?? 0;
    const isInOrder = places.every((place, at) => at === 0 || idOf(places[at - 1]) <= idOf(place));
    return isInOrder ? places : places.sort((a, b) => idOf(a) - idOf(b));
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
