import { RotaError } from '../../../core/errors/rota-error.ts';
import type { ProgramResult } from '../target/target-program.ts';

/** More than this of one program's output is a fault of the program. */
const maxOutputBytes = 64 * 1024 * 1024;
/** A banner longer than this is none. */
const maxNoiseBytes = 1024 * 1024;
const maxHeadBytes = 4096;
const headLines = 4;

export interface Reply extends ProgramResult {
  readonly id: string;
}

/** Takes replies out of the stream of a session, whose beginning is whatever the login says. Memory: one reply. */
export class ReplyReader {
  readonly #greeting: Buffer;
  #pending: Buffer[] = [];
  #bytes = 0;
  #needed = 1;
  #ready = false;

  constructor(nonce: string) {
    this.#greeting = Buffer.from(`\nrota-agent ${nonce}\n`);
  }

  /** Whether the agent has greeted. */
  get ready(): boolean {
    return this.#ready;
  }

  /** @returns the replies that are now complete */
  push(chunk: Buffer): readonly Reply[] {
    this.#pending.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return [];
    let rest = Buffer.concat(this.#pending);
    if (!this.#ready) {
      const at = rest.indexOf(this.#greeting);
      if (at < 0) {
        if (rest.length > maxNoiseBytes)
          throw new RotaError('TARGET_PROTOCOL', 'the login writes without end instead of starting a shell');
        this.#keep(rest, 1);
        return [];
      }
      this.#ready = true;
      rest = rest.subarray(at + this.#greeting.length);
    }
    const replies: Reply[] = [];
    for (;;) {
      const end = endOfHead(rest);
      if (end < 0) {
        if (rest.length > maxHeadBytes) throw badReply(rest);
        this.#keep(rest, rest.length + 1);
        return replies;
      }
      // `ID STATUS`, then `wc -c` of two files with its sum; it may put blanks before its numbers.
      const match = /^(\d+) (\d+)\n *(\d+) [^\n]*\n *(\d+) [^\n]*\n *\d+ total$/.exec(
        rest.toString('latin1', 0, end),
      );
      if (match === null) throw badReply(rest);
      const [, id = '', status, out, err] = match;
      const [outBytes, errBytes] = [Number(out), Number(err)];
      if (outBytes + errBytes > maxOutputBytes) {
        throw new RotaError(
          'TARGET_PROTOCOL',
          `a program wrote ${outBytes + errBytes} bytes, which is more than can be meant`,
        );
      }
      const errEnd = end + 1 + outBytes + errBytes;
      const total = errEnd + 1;
      if (rest.length < total) {
        this.#keep(rest, total);
        return replies;
      }
      const stdout = Buffer.from(rest.subarray(end + 1, end + 1 + outBytes));
      const stderr = rest.toString('utf8', end + 1 + outBytes, errEnd);
      if (rest[errEnd] !== 0x0a) throw badReply(rest.subarray(errEnd));
      replies.push({ id, status: Number(status), stdout, stderr });
      rest = rest.subarray(total);
    }
  }

  #keep(rest: Buffer, needed: number): void {
    this.#pending = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
    this.#needed = needed;
  }
}

/** Where the last line feed of the head stands; -1 while it has not all come. */
function endOfHead(bytes: Buffer): number {
  let at = -1;
  for (let line = 0; line < headLines; line++) {
    at = bytes.indexOf(0x0a, at + 1);
    if (at < 0) return -1;
  }
  return at;
}

function badReply(bytes: Buffer): RotaError {
  return new RotaError(
    'TARGET_PROTOCOL',
    `the session answered ${JSON.stringify(bytes.toString('latin1', 0, 80))} instead of a reply`,
  );
}
