/** Free buffers that are kept, and the largest of them: enough for the texts of a few chunks. */
const mostKept = 8;
const largestKept = 16 * 1024 * 1024;

/** Sizes are multiples of this, so that a buffer fits the next answer, too. */
const step = 1024 * 1024;

/**
 * Buffers for answers whose bytes are handed on (texts), used again when whoever got the bytes is done with them:
 * new ones for every answer would make the collector run all the time, and the kernel clear their pages.
 */
export class AnswerBuffers {
  readonly #free: Buffer[] = [];

  /** For the answers that are used up together. */
  lease(): BufferLease {
    return new BufferLease(this.#free);
  }
}

export class BufferLease {
  readonly #free: Buffer[];
  #held: Buffer[] = [];

  constructor(free: Buffer[]) {
    this.#free = free;
  }

  /** A buffer of at least so many bytes, with anything in it. It counts as held only from keep() on. */
  take(bytes: number): Buffer {
    let best = -1;
    for (const [index, buffer] of this.#free.entries()) {
      if (buffer.length >= bytes && buffer.length < (this.#free[best]?.length ?? Number.POSITIVE_INFINITY)) {
        best = index;
      }
    }
    const [found] = best < 0 ? [] : this.#free.splice(best, 1);
    return found ?? Buffer.allocUnsafeSlow(Math.ceil(bytes / step) * step);
  }

  /** The buffer that a complete answer lies in. */
  keep(buffer: Buffer): void {
    this.#held.push(buffer);
  }

  /** No byte of the answers is used any more. Without this they are left to the collector. */
  release(): void {
    for (const buffer of this.#held) {
      if (buffer.length > largestKept) continue;
      this.#free.push(buffer);
      // The smallest fits least.
      if (this.#free.length > mostKept) this.#free.sort((a, b) => b.length - a.length).pop();
    }
    this.#held = [];
  }
}
