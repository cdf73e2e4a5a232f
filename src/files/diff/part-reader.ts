import type { DumpSource } from '../dump-source.ts';
import { type SoundPart, soundParts } from '../sound-parts.ts';

type Of<Kind extends SoundPart['kind']> = Extract<SoundPart, { kind: Kind }>;

/** The parts of a dump, taken one by one with a look ahead. Of parts out of place, `soundParts` tells at the end. */
export class PartReader implements AsyncDisposable {
  readonly #parts: AsyncGenerator<SoundPart, void, void>;
  #next: SoundPart | null = null;
  #isOver = false;

  constructor(source: DumpSource) {
    this.#parts = soundParts(source);
  }

  /** Empty where there is none. */
  async takeHead(): Promise<Buffer> {
    return (await this.#takeIf('head'))?.bytes ?? Buffer.alloc(0);
  }

  /** The page or log item that comes next; null at the end. What belongs nowhere is passed by. */
  async peekItem(): Promise<{ readonly kind: 'page' | 'log-item'; readonly id: number } | null> {
    for (;;) {
      const part = await this.#peek();
      if (part === null) return null;
      if (part.kind === 'page-open') return { kind: 'page', id: part.pageId };
      if (part.kind === 'log-item') return { kind: 'log-item', id: part.id };
      this.#next = null;
    }
  }

  async takeLogItem(): Promise<Buffer> {
    return (await this.#takeIf('log-item'))?.bytes ?? Buffer.alloc(0);
  }

  async takePageOpen(): Promise<Buffer> {
    return (await this.#takeIf('page-open'))?.bytes ?? Buffer.alloc(0);
  }

  /** The next revision of the page; null when there is no further one. */
  async peekRevision(): Promise<{ readonly id: number } | null> {
    const part = await this.#peek();
    return part?.kind === 'revision' ? { id: part.id } : null;
  }

  async takeRevision(): Promise<Buffer> {
    return (await this.#takeIf('revision'))?.bytes ?? Buffer.alloc(0);
  }

  async takePageClose(): Promise<Buffer> {
    return (await this.#takeIf('page-close'))?.bytes ?? Buffer.alloc(0);
  }

  async #takeIf<Kind extends SoundPart['kind']>(kind: Kind): Promise<Of<Kind> | null> {
    const part = await this.#peek();
    if (part?.kind !== kind) return null;
    this.#next = null;
    return part as Of<Kind>;
  }

  async #peek(): Promise<SoundPart | null> {
    if (this.#next === null && !this.#isOver) {
      const { value, done } = await this.#parts.next();
      this.#isOver = done === true;
      this.#next = value ?? null;
    }
    return this.#next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.return();
  }
}
