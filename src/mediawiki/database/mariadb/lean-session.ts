import type { Duplex } from 'node:stream';
import type { ResultRows } from '../database-connection.ts';
import { AnswerReader } from './answer-reader.ts';
import type { LoggedIn } from './logged-in.ts';
import { ConnectionLost, ServerError } from './server-error.ts';
import type { Session, SessionQuery } from './session.ts';
import type { SocketFeed } from './socket-feed.ts';

const commandQuit = 0x01;
const commandQuery = 0x03;

/** A buffer that grew beyond this for one answer is given back. */
const largestKept = 16 * 1024 * 1024;

interface Pending {
  /** Takes the buffer of the complete answer. */
  readonly keep: (buffer: Buffer) => void;
  readonly reader: AnswerReader;
  readonly resolve: (rows: ResultRows) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes over the stream after the login and speaks COM_QUERY on it: answers are collected in one buffer, in
 * which the rows are walked. About a quarter less CPU than the driver's rows as arrays of Buffers.
 */
export class LeanSession implements Session {
  readonly #loggedIn: LoggedIn;
  readonly #stream: Duplex;
  readonly #feed: SocketFeed | null;
  readonly #queryTimeoutMs: number;
  #pending: Pending | null = null;
  #lost: Error | null = null;
  /** Kept between answers whose rows are not handed on. */
  #reusable: Buffer = Buffer.allocUnsafeSlow(256 * 1024);

  constructor(loggedIn: LoggedIn, options: { queryTimeoutMs: number }) {
    this.#loggedIn = loggedIn;
    this.#stream = loggedIn.stream;
    this.#feed = loggedIn.feed;
    this.#queryTimeoutMs = options.queryTimeoutMs;
    if (this.#feed === null) {
      this.#stream.removeAllListeners('data');
      this.#stream.on('data', (bytes: Buffer) => this.#received(bytes));
    } else {
      this.#feed.reader = {
        space: () => this.#pending?.reader.space() ?? this.#reusable.subarray(0, 64 * 1024),
        received: (bytes) => this.#received(bytes),
      };
    }
    this.#stream.on('close', () => this.#lose(new ConnectionLost('the server closed the connection')));
    this.#stream.on('error', (error: Error) => this.#lose(error));
  }

  run(sql: string, options: SessionQuery): Promise<ResultRows> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== null) {
        reject(this.#lost);
        return;
      }
      if (this.#pending !== null) {
        reject(new Error('a query is already running on this connection'));
        return;
      }
      const { signal } = options;
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const timer = setTimeout(
        () => this.#lose(new ConnectionLost('a query had no answer within its time')),
        this.#queryTimeoutMs,
      );
      const onAbort = () => this.#lose(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#pending = null;
      };
      const { buffer, keep } = this.#space(options);
      this.#pending = {
        keep,
        reader: new AnswerReader(buffer),
        resolve: (rows) => {
          settle();
          resolve(rows);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#stream.write(queryPacket(sql));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream.destroyed) {
        resolve();
        return;
      }
      const timer = setTimeout(() => this.#stream.destroy(), 1000);
      this.#stream.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      if (this.#lost === null && this.#pending === null)
        this.#stream.write(Buffer.from([1, 0, 0, 0, commandQuit]));
      this.#lost ??= new ConnectionLost('the connection was closed');
      this.#loggedIn.leave();
    });
  }

  /** Where an answer goes to, and what becomes of that buffer. */
  #space(options: SessionQuery): Pick<Pending, 'keep'> & { readonly buffer: Buffer } {
    const bytes = Math.max(64 * 1024, options.expectedBytes ?? 0) + 64 * 1024;
    const { buffers } = options;
    if (buffers !== undefined) return { buffer: buffers.take(bytes), keep: (buffer) => buffers.keep(buffer) };
    if (options.ownBuffer === true) return { buffer: Buffer.allocUnsafeSlow(bytes), keep: () => {} };
    // A buffer that had to grow for one answer is kept for the next, within reason.
    const keep = (buffer: Buffer) => {
      if (buffer.length <= largestKept) this.#reusable = buffer;
    };
    return { buffer: this.#reusable, keep };
  }

  #received(bytes: Buffer): void {
    const pending = this.#pending;
    if (pending === null) {
      this.#unasked(bytes);
      return;
    }
    try {
      const { reader } = pending;
      const space = reader.space();
      const inPlace = bytes.buffer === space.buffer && bytes.byteOffset === space.byteOffset;
      if (!(inPlace ? reader.filled(bytes.length) : reader.push(bytes))) return;
      pending.keep(reader.buffer);
      pending.resolve(reader.rows());
    } catch (error) {
      if (error instanceof ServerError && error.number !== 0) pending.reject(error);
      else this.#lose(error instanceof Error ? error : new ConnectionLost(String(error)));
    }
  }

  /** Between queries a server speaks only to say that it shuts down. */
  #unasked(bytes: Buffer): void {
    if (bytes.length > 7 && bytes[4] === 0xff) this.#lose(ServerError.fromPacket(bytes.subarray(4)));
  }

  #lose(error: unknown): void {
    const first = this.#lost === null;
    this.#lost ??= error instanceof Error ? error : new ConnectionLost(String(error));
    this.#pending?.reject(error);
    if (first) this.#stream.destroy();
  }
}

function queryPacket(sql: string): Buffer {
  const length = 1 + Buffer.byteLength(sql, 'latin1');
  if (length >= 0xffffff) throw new RangeError('a query of 16 MiB or more is not sent');
  const packet = Buffer.allocUnsafe(4 + length);
  packet.writeUIntLE(length, 0, 3);
  packet[3] = 0;
  packet[4] = commandQuery;
  packet.write(sql, 5, 'latin1');
  return packet;
}
