// As much of protobuf's encoding as etcd's messages need: https://protobuf.dev/programming-guides/encoding/
const asNumber = 0;
const asEightBytes = 1;
const asBytes = 2;
const asFourBytes = 5;

/** A message, field by field. What is zero, empty or false is left out where a field may be: proto3 reads it so. */
export class Writer {
  #buffer = Buffer.allocUnsafe(512);
  #length = 0;

  /** What was written so far; the writer is not used after that. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  text(field: number, text: string | undefined): void {
    if (text === undefined || text === '') return;
    this.#tag(field, asBytes);
    const length = Buffer.byteLength(text);
    this.#varint(length);
    this.#reserve(length);
    this.#length += this.#buffer.write(text, this.#length);
  }

  flag(field: number, value: boolean | undefined): void {
    if (value) this.number(field, 1);
  }

  number(field: number, value: number | undefined): void {
    if (value !== undefined && value !== 0) this.always(field, value);
  }

  /** A number of 64 bits, in decimal digits. */
  digits(field: number, digits: string | undefined): void {
    if (digits !== undefined && digits !== '0') this.always(field, digits);
  }

  /** Also when it is zero: as a member of a union, which is there or not. */
  always(field: number, value: number | string): void {
    this.#tag(field, asNumber);
    const number = Number(value);
    if (Number.isSafeInteger(number) && number >= 0) this.#varint(number);
    else this.#longVarint(BigInt.asUintN(64, BigInt(value)));
  }

  /** A message within the message. */
  message(field: number, write: () => void): void {
    this.#tag(field, asBytes);
    const at = this.#length;
    this.#reserve(5);
    this.#length += 5;
    write();
    const end = this.#length;
    const length = end - at - 5;
    this.#length = at;
    this.#putVarint(length);
    // Its length takes fewer bytes than were kept free for it.
    this.#buffer.copyWithin(this.#length, at + 5, end);
    this.#length += length;
  }

  #tag(field: number, kind: number): void {
    this.#varint(field * 8 + kind);
  }

  #varint(value: number): void {
    this.#reserve(10);
    this.#putVarint(value);
  }

  #putVarint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#buffer[this.#length++] = (rest % 128) | 128;
    this.#buffer[this.#length++] = rest;
  }

  #longVarint(value: bigint): void {
    this.#reserve(10);
    let rest = value;
    for (; rest >= 128n; rest >>= 7n) this.#buffer[this.#length++] = Number(rest & 127n) | 128;
    this.#buffer[this.#length++] = Number(rest);
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.#length + length));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/**
 * Reads a message: `next()` goes to the next field, which is then taken by what reads its kind, or left out (fields that a newer
 * etcd adds). Errors: RangeError for what is no message.
 */
export class Reader {
  #buffer: Buffer;
  #at: number;
  #end: number;
  #kind = asNumber;
  /** The field was neither taken nor left out yet. */
  #isPending = false;

  constructor(buffer: Buffer, start = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
  }

  /** The next field's number; 0 at the end. */
  next(): number {
    if (this.#isPending) this.#skip();
    if (this.#at >= this.#end) return 0;
    const tag = this.#varint();
    this.#kind = tag & 7;
    this.#isPending = true;
    return tag >>> 3;
  }

  text(): string {
    const length = this.#lengthOfField();
    const start = this.#at;
    this.#at += length;
    return this.#buffer.toString('utf8', start, this.#at);
  }

  message(): Reader {
    const length = this.#lengthOfField();
    const start = this.#at;
    this.#at += length;
    return new Reader(this.#buffer, start, this.#at);
  }

  /** As `message`, in a reader that is used again: thousands of messages are not thousands of readers. */
  messageIn(inner: Reader): void {
    const length = this.#lengthOfField();
    inner.#buffer = this.#buffer;
    inner.#at = this.#at;
    this.#at += length;
    inner.#end = this.#at;
    inner.#isPending = false;
  }

  /** Copies a text's bytes. Returns where they end in the target, which must have room for them. */
  copyText(target: Buffer, at: number): number {
    const length = this.#lengthOfField();
    const start = this.#at;
    this.#at += length;
    return at + this.#buffer.copy(target, at, start, this.#at);
  }

  /** What is left of the message from here on, for a reader of its own. */
  rest(): Buffer {
    return this.#buffer.subarray(this.#at, this.#end);
  }

  flag(): boolean {
    return this.number() !== 0;
  }

  /** For what is below 2^53; of what is below zero just that, as -1. */
  number(): number {
    this.#take(asNumber);
    const number = this.#varint();
    return number < 2 ** 63 ? number : -1;
  }

  /** A number of 64 bits without sign, in decimal digits. */
  digits(): string {
    this.#take(asNumber);
    const start = this.#at;
    const number = this.#varint();
    if (Number.isSafeInteger(number)) return String(number);
    let exact = 0n;
    for (let at = this.#at - 1; at >= start; at--)
      exact = (exact << 7n) | BigInt((this.#buffer[at] ?? 0) & 127);
    return BigInt.asUintN(64, exact).toString();
  }

  #take(kind: number): void {
    if (this.#kind !== kind) throw new RangeError(`a field of kind ${this.#kind} instead of ${kind}`);
    this.#isPending = false;
  }

  #lengthOfField(): number {
    this.#take(asBytes);
    const length = this.#varint();
    if (this.#at + length > this.#end) throw new RangeError('a message that is cut off');
    return length;
  }

  #skip(): void {
    this.#isPending = false;
    if (this.#kind === asNumber) this.#varint();
    else if (this.#kind === asEightBytes) this.#at += 8;
    else if (this.#kind === asFourBytes) this.#at += 4;
    else {
      const length = this.#lengthOfField();
      this.#at += length;
    }
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1, bytes = 0; bytes < 10; scale *= 128, bytes++) {
      if (this.#at >= this.#end) break;
      const byte = this.#buffer[this.#at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new RangeError('a number that has no end');
  }
}
