import { RotaError } from '../../core/errors/rota-error.ts';
import type { EscapeMode } from './escape-tables.ts';
import {
  type EscapingMemory,
  escapedBound,
  escaperSlack,
  JavaScriptMemory,
  maxMemoryBytes,
  supportsWasmKernel,
  WasmMemory,
} from './escaper.ts';

export interface OutputBufferOptions {
  /** 'auto' (default): WebAssembly where the machine has SIMD, else JavaScript. */
  readonly kernel?: 'auto' | 'wasm' | 'javascript';
  /** Space for output at the start; it grows by doubling. Default 1 MiB. */
  readonly initialBytes?: number;
}

/** Texts up to this size are put, raw, into one place that stays in the processor's cache. */
const scratchBytes = 256 * 1024;

/**
 * Where the XML is written: bytes are appended to one growing memory, and texts are escaped inside that memory
 * straight into the output. A raw text first gets a place: reserve() a region, fill it (copy, or inflate into it),
 * then appendReserved(). Only one region is reserved at a time.
 *
 * `memory` and what bytes() returns are views: they are valid until the next append or reserve.
 */
export class OutputBuffer {
  readonly kernel: 'wasm' | 'javascript';
  readonly #memory: EscapingMemory;
  readonly #scratch: number;
  readonly #start: number;
  #end: number;
  #epoch = 0;
  #regionOffset = 0;
  #regionBytes = 0;
  /** Where output would run into the reserved region, if that is beyond it. */
  #limit = Number.POSITIVE_INFINITY;

  constructor(options: OutputBufferOptions = {}) {
    const wanted = options.kernel ?? 'auto';
    this.kernel = wanted === 'auto' ? (supportsWasmKernel() ? 'wasm' : 'javascript') : wanted;
    const initialBytes = scratchBytes + 65536 + (options.initialBytes ?? 1024 * 1024);
    this.#memory = this.kernel === 'wasm' ? new WasmMemory(initialBytes) : new JavaScriptMemory(initialBytes);
    this.#scratch = this.#memory.firstFree;
    this.#start = this.#scratch + scratchBytes + escaperSlack;
    this.#end = this.#start;
  }

  /** Bytes of output so far. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Another number after output was forgotten: positions in it from before say nothing any more. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Forgets all output; the memory is kept. */
  reset(): void {
    this.#end = this.#start;
    this.#epoch += 1;
    this.#limit = Number.POSITIVE_INFINITY;
  }

  /** Forgets the output after the first `length` bytes. */
  truncate(length: number): void {
    this.#epoch += 1;
    this.#end = Math.min(this.#end, this.#start + length);
  }

  /** A view of the output (not a copy), valid until the next append, reserve or reset. */
  bytes(from = 0, to = this.length): Buffer<ArrayBuffer> {
    return this.#memory.buffer.subarray(this.#start + from, this.#start + to);
  }

  /** Appends a binary string (one character per byte). */
  appendLatin1(text: string): void {
    this.#ensure(this.#end + text.length);
    this.#end += this.#memory.buffer.write(text, this.#end, text.length, 'latin1');
  }

  appendBytes(bytes: Uint8Array): void {
    this.#ensure(this.#end + bytes.length);
    this.#memory.buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Appends once more what stands between two positions of the output. */
  appendAgain(from: number, to: number): void {
    this.#ensure(this.#end + to - from);
    this.#memory.buffer.copyWithin(this.#end, this.#start + from, this.#start + to);
    this.#end += to - from;
  }

  /** All of the memory; a reserved region is addressed in it by regionOffset. */
  get memory(): Buffer<ArrayBuffer> {
    return this.#memory.buffer;
  }

  /** Where in `memory` the reserved region begins (it moves if output is appended that comes near it). */
  get regionOffset(): number {
    return this.#regionOffset;
  }

  /** Reserves a region for `bytes` bytes of raw text, and returns its offset in `memory`. Forgets the one before. */
  reserve(bytes: number): number {
    this.#regionBytes = bytes;
    this.#limit = Number.POSITIVE_INFINITY;
    if (bytes <= scratchBytes) {
      this.#regionOffset = this.#scratch;
      return this.#scratch;
    }
    this.#regionOffset = this.#end + escapedBound(bytes) + pageHeadRoom;
    this.#ensure(this.#regionOffset + bytes);
    this.#limit = this.#regionOffset;
    return this.#regionOffset;
  }

  /** A view of the reserved region. */
  region(bytes: number = this.#regionBytes): Buffer<ArrayBuffer> {
    return this.#memory.buffer.subarray(this.#regionOffset, this.#regionOffset + bytes);
  }

  /**
   * Escapes the first `bytes` bytes of the reserved region to the end of the output; the region keeps its content
   * until more is appended.
   * Returns bits of `seen` for the raw bytes. Nothing is cleaned: see appendText() in clean-text.ts.
   */
  appendReserved(bytes: number, mode: EscapeMode): number {
    const bound = this.#end + escapedBound(bytes);
    this.#ensure(bound);
    const facts = this.#memory.escape(this.#regionOffset, this.#regionOffset + bytes, this.#end, mode);
    this.#end = this.#memory.written;
    this.#limit = Number.POSITIVE_INFINITY;
    return facts;
  }

  /** Whether cleaning may change the first `bytes` bytes of the region, valid UTF-8; false is certain. */
  isRegionDoubtful(bytes: number): boolean {
    return this.#memory.isDoubtful(this.#regionOffset, this.#regionOffset + bytes);
  }

  /** Escapes bytes from elsewhere: they are copied into a reserved region first. */
  appendEscaped(bytes: Uint8Array, mode: EscapeMode): number {
    const offset = this.reserve(bytes.length);
    this.#memory.buffer.set(bytes, offset);
    return this.appendReserved(bytes.length, mode);
  }

  #ensure(end: number): void {
    if (end > this.#limit) this.#moveRegion(end);
    const needed = end + escaperSlack;
    const present = this.#memory.buffer.length;
    if (needed <= present) return;
    if (needed > maxMemoryBytes) {
      throw new RotaError(
        'EXPORT_TEXT_TOO_LARGE',
        `A piece of the dump would need ${needed} bytes of output memory, more than the ${maxMemoryBytes} there can be: cut the piece smaller.`,
        { facts: { needed, maxMemoryBytes } },
      );
    }
    this.#memory.grow(Math.min(Math.max(needed, present * 2), maxMemoryBytes));
  }

  /** Makes room for output up to `end` before the reserved region. */
  #moveRegion(end: number): void {
    const from = this.#regionOffset;
    // Not just behind: otherwise the next append would move it again.
    const to = end + this.#regionBytes + pageHeadRoom;
    this.#limit = Number.POSITIVE_INFINITY;
    this.#ensure(to + this.#regionBytes);
    this.#memory.buffer.copyWithin(to, from, from + this.#regionBytes);
    this.#regionOffset = to;
    this.#limit = to;
  }
}

/** Space between a region and the output's bound for the markup that is written before the text. */
const pageHeadRoom = 4096;
