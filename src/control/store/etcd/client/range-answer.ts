import { Reader } from './protobuf.ts';
import type { WireKv, WireRangeResponse } from './wire.ts';

/** The numbers of fields in RangeResponse and KeyValue. */
const kvField = 2;
const countField = 4;
const valueField = 5;

const [opening, comma, closing] = [0x5b, 0x2c, 0x5d];

/** What a range has, read as it is asked for: of 10,000 keys mostly the values alone are wanted. */
export class RangeAnswer implements WireRangeResponse {
  readonly count: number;
  readonly #message: Buffer;
  readonly #last: Buffer | undefined;
  #kvs: readonly WireKv[] | undefined;

  /** Errors: RangeError when it is no such message; for what is within a key, when that is asked for. */
  constructor(message: Buffer) {
    this.#message = message;
    const from = new Reader(message);
    const kv = new Reader(message);
    let count = 0;
    let isEmpty = true;
    for (let field = from.next(); field !== 0; field = from.next()) {
      if (field === countField) count = from.number();
      if (field !== kvField) continue;
      from.messageIn(kv);
      isEmpty = false;
    }
    this.count = count;
    this.#last = isEmpty ? undefined : kv.rest();
  }

  get kvs(): readonly WireKv[] {
    if (this.#kvs === undefined) {
      const kvs: WireKv[] = [];
      const from = new Reader(this.#message);
      for (let field = from.next(); field !== 0; field = from.next())
        if (field === kvField) kvs.push(readKv(from.message()));
      this.#kvs = kvs;
    }
    return this.#kvs;
  }

  /** The last of what was answered. */
  get last(): WireKv | undefined {
    return this.#last === undefined ? undefined : readKv(new Reader(this.#last));
  }

  /**
   * All values, each of which is JSON, parsed together: half the work of one by one in a process that has just begun. Errors:
   * SyntaxError.
   */
  values(): readonly unknown[] {
    // A value's tag and length in the message take more than a comma.
    const text = Buffer.allocUnsafe(this.#message.length + 2);
    const from = new Reader(this.#message);
    const kv = new Reader(this.#message);
    let end = text.writeUInt8(opening);
    for (let field = from.next(); field !== 0; field = from.next()) {
      if (field !== kvField) continue;
      from.messageIn(kv);
      for (let part = kv.next(); part !== 0; part = kv.next()) {
        if (part !== valueField) continue;
        if (end > 1) end = text.writeUInt8(comma, end);
        end = kv.copyText(text, end);
      }
    }
    end = text.writeUInt8(closing, end);
    return JSON.parse(text.toString('utf8', 0, end));
  }
}

export function readKv(from: Reader): WireKv {
  let [key, value, mod_revision, lease] = ['', '', '0', '0'];
  for (let field = from.next(); field !== 0; field = from.next()) {
    if (field === 1) key = from.text();
    else if (field === 3) mod_revision = from.digits();
    else if (field === valueField) value = from.text();
    else if (field === 6) lease = from.digits();
  }
  return { key, value, mod_revision, lease };
}
