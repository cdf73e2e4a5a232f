import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { TargetHost } from '../../../config/environment-config.ts';
import type { Clock } from '../../../core/clock.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { prelude } from '../target/prelude.ts';
import { escapeLine, shellWord } from '../target/quote.ts';
import { type ProgramResult, programText, type TargetProgram } from '../target/target-program.ts';
import { agentScript } from './agent-script.ts';
import { connectionError } from './connection-error.ts';
import { receiveFile } from './receive-file.ts';
import { type Reply, ReplyReader } from './reply-reader.ts';
import type { Channel, Transport } from './transport.ts';

export interface SessionOptions {
  readonly host: TargetHost;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  /** The target ends what it does when it has not heard from us for this long. */
  readonly leaseMs: number;
}

const preludeLine = escapeLine(Buffer.from(prelude));
/** Of a file that is sent, in memory at once. */
const chunkBytes = 512 * 1024;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** A lasting conversation with one host, in which programs run one after the other. */
export class Session implements AsyncDisposable {
  readonly host: TargetHost;
  readonly #options: SessionOptions;
  readonly #channel: Channel;
  readonly #reader: ReplyReader;
  readonly #closed = new AbortController();
  #waiting: Waiting | null = null;
  #greeted: Waiting | null = null;
  #lastId = 0;
  #hasPrelude = false;
  #queue: Promise<unknown> = Promise.resolve();
  #ended: RotaError | null = null;

  private constructor(options: SessionOptions) {
    this.host = options.host;
    this.#options = options;
    const nonce = randomBytes(8).toString('hex');
    this.#reader = new ReplyReader(nonce);
    this.#channel = options.transport.open(options.host);
    this.#channel.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#channel.stdout.on('error', () => {});
    this.#channel.exited.then(({ code }) =>
      this.#end(connectionError(this.host, code, this.#channel.complaint())),
    );
    this.#write(escapeLine(Buffer.from(agentScript({ nonce, leaseSeconds: options.leaseMs / 1000 }))));
  }

  /** @throws RotaError HOST_UNREACHABLE, HOST_KEY_CHANGED, TARGET_TIMEOUT */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    try {
      const greeted = new Promise<Reply | undefined>((resolve, reject) => {
        session.#greeted = { resolve, reject };
      });
      await session.#within(greeted, options.connectTimeoutMs, 'connecting');
    } catch (error) {
      session.#close();
      throw error;
    }
    session.#beat();
    return session;
  }

  /** Whether it can still be used. */
  get alive(): boolean {
    return this.#ended === null && !this.#closed.signal.aborted;
  }

  /**
   * Runs a program to its end. After a time-out the session is gone, and with it what the program was at.
   * @throws RotaError TARGET_TIMEOUT, HOST_LOST; the signal's reason
   */
  run(program: TargetProgram, signal?: AbortSignal): Promise<ProgramResult> {
    const turn = this.#queue.then(() => this.#run(program, signal));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** Writes a file of this machine to a path on the host, over a channel of its own: whole or not at all, but not durable. */
  async send(file: string, path: string, deadlineMs: number, signal?: AbortSignal): Promise<void> {
    const { size } = await stat(file);
    using channel = this.#options.transport.open(this.host);
    const work = async () => {
      channel.stdin.write(`${escapeLine(Buffer.from(receiveFile(path, size)))}\n`);
      await Promise.all([
        // A target that stops reading makes the pipe fail; why, it tells when it ends.
        pipeline(createReadStream(file, { highWaterMark: chunkBytes }), channel.stdin).catch(() => {}),
        drain(channel.stdout),
      ]);
      const { code } = await channel.exited;
      if (code !== 0) throw connectionError(this.host, code, channel.complaint());
    };
    await this.#within(work(), deadlineMs, 'sending a file', signal);
  }

  /**
   * Writes what a program prints to a file of this machine, over a channel of its own: for more than an answer holds. The program
   * has no inputs. @throws RotaError HOST_UNREACHABLE, HOST_LOST, TARGET_TIMEOUT
   */
  async receive(program: TargetProgram, file: string, signal?: AbortSignal): Promise<void> {
    using channel = this.#options.transport.open(this.host);
    const mark = `\nrota-file ${randomBytes(8).toString('hex')}\n`;
    const text = `printf %s ${shellWord(mark)}\n${programText(program)}`;
    const work = async () => {
      channel.stdin.write(`${escapeLine(Buffer.from(text))}\n`);
      channel.stdin.end();
      await pipeline(
        channel.stdout,
        (chunks) => afterMark(chunks, Buffer.from(mark)),
        createWriteStream(file),
      );
      const { code } = await channel.exited;
      if (code !== 0) throw connectionError(this.host, code, channel.complaint());
    };
    await this.#within(work(), program.deadlineMs, program.name, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.alive) {
      this.#close();
      return;
    }
    this.#closed.abort();
    this.#channel.stdin.end();
    // The agent clears up when its input ends; one that does not is left to its own lease.
    const done = new AbortController();
    await Promise.race([this.#channel.exited, this.#options.clock.sleep(5_000, done.signal).catch(() => {})]);
    done.abort();
    this.#close();
  }

  async #run(program: TargetProgram, signal?: AbortSignal): Promise<ProgramResult> {
    signal?.throwIfAborted();
    if (this.#ended !== null) throw this.#ended;
    const id = String(++this.#lastId);
    const reply = new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    for (const { name, bytes } of program.inputs ?? []) {
      if (!/^[a-z0-9-]+$/.test(name)) throw new TypeError(`${name} cannot name an input`);
      this.#write(`i ${name}\n${escapeLine(bytes)}`);
    }
    this.#write(
      `${program.plain === true ? 'p' : 'r'} ${id}\n${escapeLine(Buffer.from(programText(this.#withoutPrelude(program))))}`,
    );
    try {
      const answer = await this.#within(reply, program.deadlineMs, program.name, signal);
      if (answer.id !== id)
        throw new RotaError(
          'TARGET_PROTOCOL',
          `${this.host.name} answered request ${answer.id} instead of ${id}`,
        );
      return answer;
    } catch (error) {
      // What it is at, nobody knows: the end of its input kills the program.
      this.#close();
      throw error;
    } finally {
      this.#waiting = null;
    }
  }

  /** What nearly all programs begin with is sent once: the host's shell reads what comes byte by byte. */
  #withoutPrelude(program: TargetProgram): TargetProgram {
    if (!program.script.startsWith(prelude)) return program;
    if (!this.#hasPrelude) this.#write(`i prelude\n${preludeLine}`);
    this.#hasPrelude = true;
    return { ...program, script: `. "$IN/prelude"\n${program.script.slice(prelude.length)}` };
  }

  #write(line: string): void {
    this.#channel.stdin.write(`${line}\n`);
  }

  #read(chunk: Buffer): void {
    try {
      for (const reply of this.#reader.push(chunk)) this.#waiting?.resolve(reply);
      if (this.#reader.ready) this.#greeted?.resolve({ id: '', status: 0, stdout: chunk, stderr: '' });
    } catch (error) {
      this.#end(error as RotaError);
      this.#close();
    }
  }

  #end(error: RotaError): void {
    this.#ended ??= error;
    this.#closed.abort();
    this.#waiting?.reject(error);
    this.#greeted?.reject(error);
  }

  #close(): void {
    this.#end(new RotaError('HOST_LOST', `The session with ${this.host.name} was closed`));
    this.#channel[Symbol.dispose]();
  }

  /** Tells the target that we live, until the session is closed. */
  #beat(): void {
    const { clock, leaseMs } = this.#options;
    const again = async () => {
      while (!this.#closed.signal.aborted) {
        await clock.sleep(leaseMs / 3, this.#closed.signal);
        this.#write('b');
      }
    };
    again().catch(() => {});
  }

  async #within<T>(work: Promise<T>, deadlineMs: number, what: string, signal?: AbortSignal): Promise<T> {
    const finished = new AbortController();
    const stop = signal === undefined ? finished.signal : AbortSignal.any([finished.signal, signal]);
    const late = this.#options.clock.sleep(deadlineMs, stop).then(
      () => {
        throw new RotaError(
          'TARGET_TIMEOUT',
          `${this.host.name} did not finish ${what} within ${deadlineMs / 1000} s: it hangs, or is too slow for this deadline`,
          { facts: { host: this.host.name, step: what } },
        );
      },
      () => {
        signal?.throwIfAborted();
        return new Promise<never>(() => {});
      },
    );
    try {
      return await Promise.race([work, late]);
    } finally {
      finished.abort();
      late.catch(() => {});
      work.catch(() => {});
    }
  }
}

/** What comes after a mark; before it is whatever the login says. */
async function* afterMark(chunks: AsyncIterable<Buffer | string>, mark: Buffer): AsyncGenerator<Buffer> {
  let noise: Buffer | null = Buffer.alloc(0);
  for await (const part of chunks) {
    const chunk = typeof part === 'string' ? Buffer.from(part) : part;
    if (noise === null) {
      yield chunk;
      continue;
    }
    noise = Buffer.concat([noise, chunk]);
    const at = noise.indexOf(mark);
    if (at < 0) continue;
    yield noise.subarray(at + mark.length);
    noise = null;
  }
}

async function drain(stream: NodeJS.ReadableStream): Promise<void> {
  for await (const _ of stream);
}
