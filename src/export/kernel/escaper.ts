import { escapeKernelBase64 } from './escape-binary.ts';
import { kernelTable, tableBytes } from './escape-program.ts';
import { type EscapeMode, maxExpansion, replacements, seen } from './escape-tables.ts';
import { normalTable, normalTableBytes } from './normal-table.ts';

/** Bytes that an escaper may read beyond its source and write beyond its output. */
export const escaperSlack = 64;

/**
 * One growing block of memory, and the code that escapes from one place in it to another. Two adapters behave alike:
 * WebAssembly SIMD, and plain JavaScript where that is missing.
 */
export interface EscapingMemory {
  /** All of the memory. Another object after grow(). */
  readonly buffer: Buffer<ArrayBuffer>;
  /** The first byte that the owner may use. */
  readonly firstFree: number;
  /** Makes the memory at least this large, keeping what is in it. */
  grow(bytes: number): void;
  /**
   * Escapes [source, end) to `target`; the output must not reach the source before it is read.
   * Returns bits of `seen`; `written` is then the end of the output.
   */
  escape(source: number, end: number, target: number, mode: EscapeMode): number;
  readonly written: number;
  /** Whether valid UTF-8 may be changed by cleaning; false is certain, true is not. */
  isDoubtful(source: number, end: number): boolean;
}

const pageBytes = 65536;
/** WebAssembly memories have 32-bit addresses. */
export const maxMemoryBytes = 65536 * pageBytes - pageBytes;

interface KernelExports {
  escape(source: number, end: number, target: number, table: number): number;
  written(): number;
  doubtful(source: number, end: number, table: number): number;
}

const normalTableAt = 1024;

export class WasmMemory implements EscapingMemory {
  readonly firstFree = normalTableAt + normalTableBytes;
  #hasTable = false;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: KernelExports;
  #buffer: Buffer<ArrayBuffer>;

  constructor(initialBytes: number) {
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(initialBytes / pageBytes) });
    const module = new WebAssembly.Module(Buffer.from(escapeKernelBase64, 'base64'));
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#kernel = instance.exports as unknown as KernelExports;
    this.#buffer = Buffer.from(this.#memory.buffer);
    this.#buffer.set(kernelTable('one-pass'), 0);
    this.#buffer.set(kernelTable('text-pass'), tableBytes);
  }

  get buffer(): Buffer<ArrayBuffer> {
    return this.#buffer;
  }

  grow(bytes: number): void {
    const missing = bytes - this.#buffer.length;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / pageBytes));
    this.#buffer = Buffer.from(this.#memory.buffer);
  }

  escape(source: number, end: number, target: number, mode: EscapeMode): number {
    return this.#kernel.escape(source, end, target, mode === 'one-pass' ? 0 : tableBytes);
  }

  get written(): number {
    return this.#kernel.written() >>> 0;
  }

  isDoubtful(source: number, end: number): boolean {
    // Made when first needed: a wiki in English may do without.
    if (!this.#hasTable) this.#buffer.set(normalTable(), normalTableAt);
    this.#hasTable = true;
    return this.#kernel.doubtful(source, end, normalTableAt) !== 0;
  }
}

/** Whether this machine runs the WebAssembly kernel (it needs SIMD). */
export function supportsWasmKernel(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(Buffer.from(escapeKernelBase64, 'base64'));
}

export class JavaScriptMemory implements EscapingMemory {
  readonly firstFree = 0;
  #buffer: Buffer<ArrayBuffer>;
  #written = 0;
  readonly #replacements: Readonly<Record<EscapeMode, readonly (Buffer | undefined)[]>>;

  constructor(initialBytes: number) {
    this.#buffer = Buffer.from(new ArrayBuffer(initialBytes));
    this.#replacements = { 'one-pass': byCharacter('one-pass'), 'text-pass': byCharacter('text-pass') };
  }

  get buffer(): Buffer<ArrayBuffer> {
    return this.#buffer;
  }

  get written(): number {
    return this.#written;
  }

  grow(bytes: number): void {
    if (bytes <= this.#buffer.length) return;
    const larger = Buffer.from(new ArrayBuffer(bytes));
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }

  escape(source: number, end: number, target: number, mode: EscapeMode): number {
    const buffer = this.#buffer;
    const table = this.#replacements[mode];
    let to = target;
    let max = 0;
    let facts = 0;
    for (let from = source; from < end; from += 1) {
      const byte = buffer[from] ?? 0;
      if (byte > max) max = byte;
      if (byte < 0x20 && byte !== 9 && byte !== 10) facts |= byte === 13 ? seen.carriageReturn : seen.control;
      const replacement = byte < 64 ? table[byte] : undefined;
      if (replacement === undefined) {
        buffer[to] = byte;
        to += 1;
      } else {
        buffer.set(replacement, to);
        to += replacement.length;
      }
    }
    this.#written = to;
    if (max >= 0x80) facts |= seen.nonAscii;
    if (max >= 0xcc) facts |= seen.high;
    return facts;
  }

  isDoubtful(): boolean {
    return true;
  }
}

function byCharacter(mode: EscapeMode): (Buffer | undefined)[] {
  return Array.from({ length: 64 }, (_, character) => {
    const replacement = replacements[mode].get(character);
    return replacement === undefined ? undefined : Buffer.from(replacement, 'latin1');
  });
}

/** The largest output of escaping so many bytes, with the slack. */
export const escapedBound = (bytes: number): number => bytes * maxExpansion + escaperSlack;
