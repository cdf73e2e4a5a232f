import type { BundleLine } from '../../../dumping/piece/piece-spec.ts';
import type { HeldCounts } from './joined-file.ts';

/** Counts what bundles hold, while they are written to a file. */
export class HeldTally {
  #rawBytes = 0;
  #pages = 0;
  #revisions = 0;

  add(bundle: Pick<BundleLine, 'raw' | 'begun' | 'revisions'>): void {
    this.#rawBytes += bundle.raw;
    this.#pages += bundle.begun;
    this.#revisions += bundle.revisions;
  }

  get counts(): HeldCounts {
    return { rawBytes: this.#rawBytes, pages: this.#pages, revisions: this.#revisions };
  }
}
