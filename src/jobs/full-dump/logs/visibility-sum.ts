import { createHash } from 'node:crypto';

/** A digest over (id, visibility) of rows in the order of their ids: two readings are equal or something changed. */
export class VisibilitySum {
  readonly #hash = createHash('sha256');
  readonly #row = Buffer.alloc(16);
  #digest: string | null = null;
  greatestId = 0;

  add(id: number, deleted: number): void {
    this.#row.writeDoubleLE(id, 0);
    this.#row.writeDoubleLE(deleted, 8);
    this.#hash.update(this.#row);
    this.greatestId = id;
  }

  equals(other: VisibilitySum): boolean {
    return this.digest() === other.digest();
  }

  digest(): string {
    this.#digest ??= this.#hash.digest('hex');
    return this.#digest;
  }
}
