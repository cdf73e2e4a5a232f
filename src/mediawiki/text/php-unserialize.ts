/**
 * Values of PHP's serialize() as far as MediaWiki's text storage has them. Strings are bytes (views of the input);
 * array keys are strings, whether PHP has them as integers or strings.
 */
export type PhpValue = null | boolean | number | Uint8Array | PhpArray | PhpObject;

export interface PhpArray {
  readonly type: 'array';
  readonly entries: ReadonlyMap<string, PhpValue>;
}

export interface PhpObject {
  readonly type: 'object';
  /** Lower case: PHP's class names are case-insensitive, and PHP 4 stored them so. */
  readonly className: string;
  /** By plain name: the marks of private and protected properties are taken off. */
  readonly properties: ReadonlyMap<string, PhpValue>;
}

export class PhpFormatError extends Error {
  override readonly name = 'PhpFormatError';
}

const deepest = 32;

/**
 * Reads one serialised value that must fill the whole input. Strict and bounded: no references, no classes with
 * code of their own (C:), at most 32 levels, and never more elements than the input has bytes for.
 * @throws PhpFormatError
 */
export function phpUnserialize(input: Uint8Array): PhpValue {
  const reader = new Reader(Buffer.from(input.buffer, input.byteOffset, input.byteLength));
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) this.#fail('has more after its end');
  }

  value(depth: number): PhpValue {
    if (depth > deepest) this.#fail('is nested too deeply');
    const type = String.fromCharCode(this.#bytes[this.#at++] ?? 0);
    switch (type) {
      case 'N':
        this.#expect(';');
        return null;
      case 'b': {
        const digits = this.#scalar();
        if (digits !== '0' && digits !== '1') this.#fail('has a wrong boolean');
        return digits === '1';
      }
      case 'i': {
        const digits = this.#scalar();
        if (!/^[+-]?\d{1,19}$/.test(digits)) this.#fail('has a wrong integer');
        return Number(digits);
      }
      case 'd':
        return this.#double();
      case 's': {
        const bytes = this.#string();
        this.#expect(';');
        return bytes;
      }
      case 'a':
        this.#expect(':');
        return { type: 'array', entries: this.#entries(depth) };
      case 'O': {
        const name = this.#string();
        this.#expect(':');
        const properties = new Map<string, PhpValue>();
        for (const [key, value] of this.#entries(depth))
          properties.set(key.replace(/^\0[^\0]*\0/, ''), value);
        return {
          type: 'object',
          className: Buffer.from(name).toString('latin1').toLowerCase(),
          properties,
        };
      }
      default:
        return this.#fail(`has an unknown type ${JSON.stringify(type)}`);
    }
  }

  #entries(depth: number): Map<string, PhpValue> {
    const count = this.#count(':');
    // Each entry has at least five bytes ("i:0;N;" has six).
    if (count * 5 > this.#bytes.length - this.#at) this.#fail('announces more elements than it has');
    this.#expect('{');
    const entries = new Map<string, PhpValue>();
    for (let index = 0; index < count; index++) {
      const key = this.value(depth + 1);
      let name: string;
      if (typeof key === 'number' && Number.isSafeInteger(key)) name = String(key);
      else if (key instanceof Uint8Array) name = Buffer.from(key).toString('latin1');
      else this.#fail('has a key that is neither integer nor string');
      entries.set(name, this.value(depth + 1));
    }
    this.#expect('}');
    return entries;
  }

  #string(): Uint8Array {
    this.#expect(':');
    const length = this.#count(':');
    this.#expect('"');
    const start = this.#at;
    if (length > this.#bytes.length - start) this.#fail('has a string longer than itself');
    this.#at += length;
    this.#expect('"');
    return this.#bytes.subarray(start, start + length);
  }

  #double(): number {
    const digits = this.#scalar();
    if (digits === 'INF') return Number.POSITIVE_INFINITY;
    if (digits === '-INF') return Number.NEGATIVE_INFINITY;
    if (digits === 'NAN') return Number.NaN;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i.test(digits)) this.#fail('has a wrong float');
    return Number(digits);
  }

  /** The characters between ":" and ";". */
  #scalar(): string {
    this.#expect(':');
    const end = this.#bytes.indexOf(0x3b, this.#at);
    if (end < 0 || end - this.#at > 64) this.#fail('has a number without end');
    const text = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #count(terminator: string): number {
    const start = this.#at;
    while (isDigit(this.#bytes[this.#at]) && this.#at - start < 12) this.#at++;
    if (this.#at === start) this.#fail('has no length where one is due');
    const count = Number(this.#bytes.toString('latin1', start, this.#at));
    this.#expect(terminator);
    return count;
  }

  #expect(character: string): void {
    if (this.#bytes[this.#at] !== character.charCodeAt(0)) this.#fail(`lacks "${character}"`);
    this.#at++;
  }

  #fail(what: string): never {
    throw new PhpFormatError(`serialised PHP value ${what} (byte ${this.#at})`);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
