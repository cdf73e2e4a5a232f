/** Sizes are multiples of this, so that memory fits what comes next, too. */
const step = 1 << 20;

/**
 * Large memory that is used again within a thread: new memory comes from the system page by page and is cleared by it, which
 * costs more than most that is done with it.
 */
export class FreeMemory {
  readonly #most: number;
  readonly #largestBytes: number;
  readonly #free: Buffer[] = [];

  /** @param most buffers that are kept, none of them larger than `largestBytes` */
  constructor(most: number, largestBytes: number) {
    this.#most = most;
    this.#largestBytes = largestBytes;
  }

  /** The smallest that has so many bytes, with anything in them. */
  take(bytes: number): Buffer {
    let best = -1;
    for (const [index, { length }] of this.#free.entries()) {
      if (length >= bytes && length < (this.#free[best]?.length ?? Number.POSITIVE_INFINITY)) best = index;
    }
    const [found] = best < 0 ? [] : this.#free.splice(best, 1);
    return found ?? Buffer.allocUnsafeSlow(Math.ceil(bytes / step) * step);
  }

  /** Nobody uses it any more. It must be the whole of what was taken, or other memory of which there is no other view. */
  keep(buffer: Buffer): void {
    if (buffer.length > this.#largestBytes) return;
    this.#free.push(buffer);
    // The smallest fits least.
    if (this.#free.length > this.#most) this.#free.sort((a, b) => b.length - a.length).pop();
  }
}
