import { isRotaError } from '../../core/errors/rota-error.ts';
import type { BlockAccess, RawBlock } from '../../export/containers/random/block-access.ts';
import { XmlScanner } from '../../export/scanner/xml-scanner.ts';

/** Where something begins: in which block, and how far into its content. */
export interface BlockPlace {
  readonly id: number;
  readonly block: RawBlock;
  readonly rawOffset: number;
}

/** A page or revision may begin at the end of a block and have its id in the next. */
interface Window {
  readonly block: RawBlock;
  readonly rawStart: number;
}

/**
 * Reads on from a block and gives the pages (and revisions) that begin there, in order. Damage is passed by: the scan
 * goes on at the next block that can be read. Memory: two blocks.
 */
export class BlockScan {
  readonly #access: BlockAccess | null;
  readonly #kind: 'page' | 'revision';
  #scanner: XmlScanner;
  #windows: Window[] = [];
  #rawEnd = 0;
  #found: BlockPlace[] = [];
  /** A begin whose id has not come yet: it belongs to a block that may be given up otherwise. */
  #isOpen = false;
  #passedDamage = false;

  /** @param access null where the blocks are fetched by others, and `following` is not called */
  constructor(access: BlockAccess | null, kind: 'page' | 'revision') {
    this.#access = access;
    this.#kind = kind;
    this.#scanner = this.#newScanner();
  }

  get passedDamage(): boolean {
    return this.#passedDamage;
  }

  /** Something was begun, or may have been, whose id stands in a following block. */
  get isOpen(): boolean {
    return this.#isOpen || this.#scanner.isInTag;
  }

  /** What begins in the block and has its id there, or began before and has it there. */
  take(block: RawBlock): readonly BlockPlace[] {
    const kept = this.isOpen ? this.#windows : this.#windows.slice(-1);
    this.#windows = [...kept, { block, rawStart: this.#rawEnd }];
    this.#rawEnd += block.raw.length;
    this.#found = [];
    this.#scanner.push(block.raw);
    return this.#found;
  }

  /** The block behind, or the next that can be read. */
  async following(block: RawBlock): Promise<RawBlock | null> {
    try {
      return (await this.#access?.after(block)) ?? null;
    } catch (error) {
      if (!isRotaError(error, 'ARCHIVE_DAMAGED')) throw error;
      this.#passedDamage = true;
      this.#scanner = this.#newScanner();
      this.#windows = [];
      this.#rawEnd = 0;
      this.#isOpen = false;
      return (await this.#access?.firstFrom(block.position + 1)) ?? null;
    }
  }

  #newScanner(): XmlScanner {
    const begin = () => {
      this.#isOpen = true;
    };
    const id = (value: number, start: number) => {
      this.#isOpen = false;
      const window = this.#windows.findLast((one) => one.rawStart <= Math.max(0, start)) ?? this.#windows[0];
      if (window === undefined) return;
      const rawOffset = Math.max(0, start - window.rawStart);
      this.#found.push({ id: value, block: window.block, rawOffset });
    };
    return new XmlScanner(
      this.#kind === 'page'
        ? { onPageStart: begin, onPageId: id }
        : { onRevisionStart: begin, onRevisionId: id },
    );
  }
}
