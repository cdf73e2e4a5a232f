import { RotaError } from '../../../core/errors/rota-error.ts';
import type { ProgramResult } from '../target/target-program.ts';

/** More than this of one program's output is a fault of the program. */
const maxOutputBytes = 64 * 1024 * 1024;
/** A banner longer than this is none. */
const maxNoiseBytes = 1024 * 1024;

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
      const end = rest.indexOf(0x0a);
      if (end < 0) {
        if (rest.length > 200) throw badReply(rest);
        this.#keep(rest, rest.length + 1);
        return replies;
      }
      const head = rest.toString('latin1', 0, end);
      // wc of some systems puts blanks before its number.
      const match = /^(\d+) +(\d+) +(\d+) +(\d+)$/.exec(head);
      if (match === null) throw badReply(rest);
      const [, id = '', status, out, err] = match;
      const [outBytes, errBytes] = [Number(out), Number(err)];
      if (outBytes + errBytes > maxOutputBytes) {
        throw new RotaError(
          'TARGET_PROTOCOL',
          `a program wrote ${outBytes + errBytes} bytes, which is more than can be meant`,
        );
      }
      const total = end + 1 + outBytes + errBytes;
      if (rest.length < total) {
        this.#keep(rest, total);
        return replies;
      }
      const stdout = Buffer.from(rest.subarray(end + 1, end + 1 + outBytes));
      const stderr = rest.toString('utf8', end + 1 + outBytes, total);
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

function badReply(bytes: Buffer): RotaError {
  return new RotaError(
    'TARGET_PROTOCOL',
    `the session answered ${JSON.stringify(bytes.toString('latin1', 0, 80))} instead of a reply`,
  );
}
