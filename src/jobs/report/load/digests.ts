/** What a load before knew of its tasks: id and digest in two arrays, where a map would take five times as much. */
export class Digests {
  readonly #ids: Uint32Array;
  readonly #digests: Float64Array;

  /** @param ids in order, each once */
  constructor(ids: Uint32Array, digests: Float64Array) {
    this.#ids = ids;
    this.#digests = digests;
  }

  static readonly none = new Digests(new Uint32Array(0), new Float64Array(0));

  get size(): number {
    return this.#ids.length;
  }

  get(id: number): number | undefined {
    let [low, high] = [0, this.#ids.length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const at = this.#ids[middle] ?? 0;
      if (at === id) return this.#digests[middle];
      if (at < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }
}
