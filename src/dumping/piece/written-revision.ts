import type { RevisionUnit } from './lane.ts';

interface Written {
  readonly bytes: Buffer;
  readonly unit: RevisionUnit;
}

/** A revision that is rendered when the first lane takes it, once for all of them; never where all lanes copy it. */
export class WrittenRevision {
  readonly #write: () => Written;
  #written: Written | null = null;

  constructor(write: () => Written) {
    this.#write = write;
  }

  get bytes(): Buffer {
    return this.#get().bytes;
  }

  get unit(): RevisionUnit {
    return this.#get().unit;
  }

  #get(): Written {
    this.#written ??= this.#write();
    return this.#written;
  }
}
