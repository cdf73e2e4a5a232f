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
 * Finds a page by its id in a file whose page ids ascend, by halving: of 10 GB about 20 blocks are read. Blocks in which
 * no page begins (they hold revisions of a huge one) are passed by in growing steps, so that such a page costs no more
 * than a few times as much.
 */
export class PageSearch {
  readonly #access: BlockAccess;
  readonly #id: number;
  #exact: BlockPlace | null = null;
  #before: BlockPlace | null = null;
  #passedDamage = false;
  /** No page of the id, or a smaller one, begins here or behind. */
  #end: number;

  /** @param id infinite for the last page */
  constructor(access: BlockAccess, id: number) {
    this.#access = access;
    this.#id = id;
    this.#end = access.end;
  }

  async run(): Promise<PageSearchResult> {
    await this.#narrow(0, this.#access.end);
    if (this.#exact === null) await this.#readThrough();
    return { exact: this.#exact, before: this.#before, passedDamage: this.#passedDamage };
  }

  /** Whether a page of the id, or a smaller one, begins there. The last found is in `before`. */
  async #narrow(from: number, to: number): Promise<boolean> {
    let [low, high] = [from, to];
    let isFound = false;
    while (high - low > this.#access.grain && this.#exact === null) {
      const middle = low + Math.floor((high - low) / 2);
      const probe = await this.#probe(middle, high);
      if (probe.kind === 'page' && probe.place.id <= this.#id) {
        this.#note(probe.place);
        isFound = true;
        low = probe.place.block.position + 1;
        continue;
      }
      if (probe.kind === 'far' && (await this.#narrow(probe.position, high))) return true;
      high = middle;
      this.#end = Math.min(this.#end, high);
    }
    return isFound;
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

  /** From the last page known to be before it, or from the start. */
  async #readThrough(): Promise<void> {
    const scan = new BlockScan(this.#access, 'page');
    let block: RawBlock | null = this.#before?.block ?? (await this.#access.firstFrom(0));
    while (block !== null && (block.position < this.#end || scan.isOpen)) {
      for (const place of scan.take(block)) {
        if (place.id > this.#id) return;
        this.#note(place);
      }
      if (this.#exact !== null) return;
      block = await scan.following(block);
      this.#passedDamage ||= scan.passedDamage;
    }
  }

  #note(place: BlockPlace): void {
    if (place.id === this.#id) this.#exact = place;
    if (this.#before === null || place.id >= this.#before.id) this.#before = place;
  }
}
