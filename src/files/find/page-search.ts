import type { BlockAccess, RawBlock } from '../../export/containers/random/block-access.ts';
import { type BlockPlace, BlockScan } from './block-scan.ts';

/** So many blocks without the beginning of a page: they are of one huge page, and the search goes on elsewhere. */
const patience = 12;

type Probe =
  | { readonly kind: 'page'; readonly place: BlockPlace }
  /** Up to the limit no page begins. */
  | { readonly kind: 'none' }
  /** Nor up to here, but there is more. */
  | { readonly kind: 'far'; readonly position: number };

export interface PageSearchResult {
  /** The page, or null when there is none of that id. */
  readonly exact: BlockPlace | null;
  /** The last page found that begins at or before it (by id): reading may begin there. */
  readonly before: BlockPlace | null;
  /** Parts of the file could not be read, and were passed by. */
  readonly passedDamage: boolean;
}

/**
 * Finds a page by its id in a file whose page ids ascend, by halving: of 10 GB about 20 blocks are read. Where no page
 * begins in many blocks, one huge page fills them; its two ends are then found by halving, too. Only an id that would
 * have to stand between these ends, and several huge pages in a row, cost reading what lies between.
 */
export class PageSearch {
  readonly #access: BlockAccess;
  readonly #id: number;
  #exact: BlockPlace | null = null;
  #before: BlockPlace | null = null;
  #passedDamage = false;

  /** @param id infinite for the last page */
  constructor(access: BlockAccess, id: number) {
    this.#access = access;
    this.#id = id;
  }

  async run(): Promise<PageSearchResult> {
    await this.#narrow(0, this.#access.end);
    const before = await this.#withIndent(this.#before);
    const exact = this.#exact === null ? null : before;
    return { exact, before, passedDamage: this.#passedDamage };
  }

  /** A search that began with the block of `<page>` has not seen the blanks before it, at the end of another block. */
  async #withIndent(place: BlockPlace | null): Promise<BlockPlace | null> {
    if (place === null || place.rawOffset > 0) return place;
    const block = await this.#access.lastBefore(place.block.position);
    if (block === null) return place;
    let rawOffset = block.raw.length;
    while (rawOffset > 0 && block.raw[rawOffset - 1] === 0x20) rawOffset -= 1;
    return rawOffset === block.raw.length ? place : this.#withIndent({ id: place.id, block, rawOffset });
  }

  /** Looks between two positions: all pages that begin before have smaller ids, all behind greater ones. */
  async #narrow(from: number, to: number): Promise<void> {
    let [low, high] = [from, to];
    while (high - low > this.#access.grain && this.#exact === null) {
      const middle = low + Math.floor((high - low) / 2);
      const probe = await this.#probe(middle, high);
      if (probe.kind === 'far') return this.#around(low, middle, probe.position, high);
      if (probe.kind === 'page' && this.#note(probe.place)) low = probe.place.block.position + 1;
      else high = middle;
    }
    if (this.#exact === null) await this.#readThrough(this.#before?.block ?? null, high);
  }

  /** The same, with a part in the middle, from `farFrom` to `farTo`, in which no page begins. */
  async #around(from: number, farFrom: number, farTo: number, to: number): Promise<void> {
    let [low, left] = [from, farFrom];
    while (left - low > this.#access.grain) {
      const middle = low + Math.floor((left - low) / 2);
      const probe = await this.#probe(middle, left);
      if (probe.kind !== 'page') left = middle;
      else if (this.#note(probe.place)) low = probe.place.block.position + 1;
      else return this.#narrow(low, middle);
      if (this.#exact !== null) return;
    }
    if (await this.#readThrough(this.#before?.block ?? null, left)) return;
    let [right, high] = [farTo, to];
    while (high - right > this.#access.grain) {
      const middle = right + Math.floor((high - right) / 2);
      const probe = await this.#probe(middle, high);
      if (probe.kind === 'far') right = probe.position;
      else if (probe.kind === 'page' && this.#note(probe.place)) {
        return this.#exact === null ? this.#narrow(probe.place.block.position + 1, high) : undefined;
      } else high = middle;
    }
    const lastLeft = this.#before;
    await this.#readThrough(await this.#access.firstFrom(right), high);
    // It was found, or a page behind the huge one has a smaller id: then all that lie before have.
    if (this.#before !== lastLeft) return;
    await this.#readThrough(await this.#access.firstFrom(left), right);
  }

  /** The first page that begins in a block that begins at the position or behind it. */
  async #probe(position: number, limit: number): Promise<Probe> {
    const scan = new BlockScan(this.#access, 'page');
    let block = await this.#access.firstFrom(position);
    for (let read = 0; block !== null; read += 1) {
      if (block.position >= limit && !scan.isOpen) return { kind: 'none' };
      if (read >= patience && !scan.isOpen) return { kind: 'far', position: block.position };
      const [place] = scan.take(block);
      if (place !== undefined) return { kind: 'page', place };
      block = await scan.following(block);
      this.#passedDamage ||= scan.passedDamage;
    }
    return { kind: 'none' };
  }

  /**
   * Reads all pages from a block (null: the first of all) that begin before the position.
   * @returns whether the page was found, or one behind it
   */
  async #readThrough(from: RawBlock | null, to: number): Promise<boolean> {
    const scan = new BlockScan(this.#access, 'page');
    let block: RawBlock | null = from ?? (await this.#access.firstFrom(0));
    while (block !== null && (block.position < to || scan.isOpen)) {
      for (const place of scan.take(block)) {
        if (!this.#note(place) || this.#exact !== null) return true;
      }
      block = await scan.following(block);
      this.#passedDamage ||= scan.passedDamage;
    }
    return false;
  }

  /** @returns whether the page is the one, or before it */
  #note(place: BlockPlace): boolean {
    if (place.id > this.#id) return false;
    if (place.id === this.#id) this.#exact = place;
    if (this.#before === null || place.id >= this.#before.id) this.#before = place;
    return true;
  }
}
