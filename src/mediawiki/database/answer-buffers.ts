import { FreeMemory } from '../../core/free-memory.ts';

/** Enough for the texts of a few chunks. */
const mostKept = 8;
const largestKept = 16 * 1024 * 1024;

/**
 * Buffers for answers whose bytes are handed on (texts), used again when whoever got the bytes is done with them:
 * new ones for every answer would make the collector run all the time, and the kernel clear their pages.
 */
export class AnswerBuffers {
  readonly #free = new FreeMemory(mostKept, largestKept);

  /** For the answers that are used up together. */
  lease(): BufferLease {
    return new BufferLease(this.#free);
  }
}

export class BufferLease {
  readonly #free: FreeMemory;
  #held: Buffer[] = [];

  constructor(free: FreeMemory) {
    this.#free = free;
  }

  /** A buffer of at least so many bytes, with anything in it. It counts as held only from keep() on. */
  take(bytes: number): Buffer {
    return this.#free.take(bytes);
  }

  /** The buffer that a complete answer lies in. */
  keep(buffer: Buffer): void {
    this.#held.push(buffer);
  }

  /** No byte of the answers is used any more. Without this they are left to the collector. */
  release(): void {
    for (const buffer of this.#held) this.#free.keep(buffer);
    this.#held = [];
  }
}
