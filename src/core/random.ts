/**
 * Reproducible randomness: xoshiro128** (Blackman and Vigna), its state filled by splitmix32 from a seed and a name,
 * so that each part of what is generated or simulated has a stream of its own and a change in one leaves the others as they were.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Any integer (taken modulo 2^53) and a name of the stream. */
  constructor(seed: number, stream: string) {
    let state = Math.trunc(seed) >>> 0;
    state = mix(state ^ mix(Math.trunc(seed / 4294967296) | 0));
    for (const char of stream) state = mix((state + (char.codePointAt(0) ?? 0)) | 0);
    const word = (): number => {
      state = (state + 0x9e3779b9) | 0;
      return mix(state);
    };
    this.#a = word();
    this.#b = word();
    this.#c = word();
    // The generator stays at zero for ever if it starts there.
    this.#d = word() | 1;
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const b = this.#b;
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    this.#c ^= this.#a;
    this.#d ^= b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Fills an array with what as many calls of {@link next} give, in a third of their time. */
  fill(words: Uint32Array): void {
    let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d];
    for (let i = 0; i < words.length; i++) {
      const product = Math.imul(b, 5);
      words[i] = Math.imul((product << 7) | (product >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    [this.#a, this.#b, this.#c, this.#d] = [a, b, c, d];
  }

  /** 0 <= x < 1. */
  float(): number {
    return this.next() / 4294967296;
  }

  /** A whole number from 0 to below `limit` (at most 2^32). */
  below(limit: number): number {
    return Math.floor(this.float() * limit);
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** One of a list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined && list.length === 0) throw new RangeError('nothing to pick from');
    return chosen as T;
  }

  /** An index below `count`, small ones much more often: the law of words, authors and links. */
  zipf(count: number): number {
    return Math.min(count - 1, Math.floor(count ** this.float()) - 1);
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** At least 1, with a tail the heavier the smaller `shape` is. */
  pareto(shape: number): number {
    return (1 - this.float()) ** (-1 / shape);
  }
}

function mix(state: number): number {
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
  return state ^ (state >>> 15);
}
