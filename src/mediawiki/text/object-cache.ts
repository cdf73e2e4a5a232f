import type { HistoryObject } from './history-object.ts';

/** The last decoded objects, bounded by the bytes of their texts: one object holds up to a hundred revisions. */
export class ObjectCache {
  readonly #largestBytes: number;
  readonly #objects = new Map<string, { readonly object: HistoryObject; readonly bytes: number }>();
  #bytes = 0;

  constructor(largestBytes = 32 * 1024 * 1024) {
    this.#largestBytes = largestBytes;
  }

  get(key: string): HistoryObject | null {
    const entry = this.#objects.get(key);
    if (entry === undefined) return null;
    this.#objects.delete(key);
    this.#objects.set(key, entry);
    return entry.object;
  }

  add(key: string, object: HistoryObject): void {
    let bytes = 200;
    if (object.kind === 'items') for (const item of object.items.values()) bytes += item.length + 100;
    if (this.#objects.has(key)) return;
    this.#objects.set(key, { object, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#objects) {
      // The newest stays, however large: its other texts are asked for next.
      if (this.#bytes <= this.#largestBytes || oldest === key) break;
      this.#objects.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }
}
