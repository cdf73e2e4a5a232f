import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { AnswerError } from './answer-error.ts';

/** PEM texts. A client certificate needs its key. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** How much of an answer may be on its way: 10,000 runs are some megabytes. */
const windowBytes = 8 * 2 ** 20;

/** Loaded by the first call: it is fifteen modules of Node's, which every deployment would load for pools that it may not have. */
const http2 = () => process.getBuiltinModule('node:http2');

/** What a call is sent with: etcd's `token` of a login, `hasleader`. */
export type Metadata = Readonly<Record<string, string>>;

/**
 * gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) with one endpoint, over one HTTP/2 session that is
 * opened when it is needed. Messages are opaque here. A session in which something was not answered in time gets no new calls, and
 * those that wait in it as long again: nothing tells a slow member from one that is gone, and calls may be repeated.
 */
export class GrpcConnection {
  readonly #endpoint: string;
  readonly #tls: TlsFiles;
  #session: ClientHttp2Session | undefined;
  /** Also those that get no new calls. */
  readonly #sessions = new Set<ClientHttp2Session>();
  readonly #streams = new WeakMap<ClientHttp2Session, Set<ClientHttp2Stream>>();
  /** The session's other end has said something that is HTTP/2. */
  #isSpoken = false;

  constructor(endpoint: string, tls: TlsFiles = {}) {
    this.#endpoint = endpoint;
    this.#tls = tls;
  }

  close(): void {
    for (const session of this.#sessions) session.destroy();
    this.#session = undefined;
  }

  /** The one message that is answered. Errors: AnswerError for what the endpoint answers, others for how it cannot be reached. */
  async ask(path: string, message: Buffer, metadata: Metadata, timeoutMs: number): Promise<Buffer> {
    const call = this.#call(path, metadata);
    const timer = setTimeout(() => {
      const error = new Error(`no answer for ${timeoutMs / 1000} s`);
      error.name = 'TimeoutError';
      call.stream.destroy(error);
      this.#giveUp(call.session, timeoutMs);
    }, timeoutMs);
    try {
      call.stream.end(framed(message));
      let answer: Buffer | undefined;
      for await (const found of call.messages()) answer ??= found;
      if (answer === undefined) throw this.#answerError('an answer without a message', 2);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Messages as they come, until the signal or the endpoint ends it. */
  async *listen(
    path: string,
    messages: readonly Buffer[],
    metadata: Metadata,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const call = this.#call(path, metadata);
    const stop = () => call.stream.close(http2().constants.NGHTTP2_CANCEL);
    signal.addEventListener('abort', stop, { once: true });
    try {
      // The end of what is sent would end what is answered.
      for (const message of messages) call.stream.write(framed(message));
      yield* call.messages();
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  #call(
    path: string,
    metadata: Metadata,
  ): {
    readonly session: ClientHttp2Session;
    readonly stream: ClientHttp2Stream;
    messages(): AsyncGenerator<Buffer>;
  } {
    const session = this.#open();
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...metadata,
    });
    // Only what is waited for keeps the process alive.
    const streams = this.#streams.get(session) ?? new Set();
    this.#streams.set(session, streams.add(stream));
    session.ref();
    let [heads, tails]: IncomingHttpHeaders[] = [];
    let fault: unknown;
    stream.on('response', (headers) => {
      heads = headers;
    });
    stream.on('trailers', (headers) => {
      tails = headers;
    });
    // Told by what reads it; without a listener it would end the process.
    stream.on('error', (error) => {
      fault ??= error;
    });
    stream.on('close', () => {
      streams.delete(stream);
      if (streams.size === 0 && !session.destroyed) session.unref();
    });
    const messages = async function* (this: GrpcConnection): AsyncGenerator<Buffer> {
      try {
        yield* unframed(stream);
      } catch (error) {
        throw this.#explain(asCause(fault ?? error));
      }
      this.#checkEnd(heads, tails);
    }.bind(this);
    return { session, stream, messages };
  }

  /** Also whoever answers with no body at all says in its headers how it went. */
  #checkEnd(heads: IncomingHttpHeaders = {}, tails: IncomingHttpHeaders = heads): void {
    const httpStatus = Number(heads[':status'] ?? 0);
    const status = tails['grpc-status'] ?? heads['grpc-status'];
    if (status === '0') return;
    if (status === undefined) {
      if (httpStatus === 0) throw this.#explain(new Error('the connection was ended'));
      const isGateway = httpStatus >= 502 && httpStatus <= 504;
      throw this.#answerError(`HTTP ${httpStatus}, no gRPC: is this etcd's client port?`, isGateway ? 14 : 2);
    }
    const text = String(tails['grpc-message'] ?? heads['grpc-message'] ?? `gRPC status ${status}`);
    throw this.#answerError(decodeMessage(text), Number(status));
  }

  /** What ends a connection before a word was said is often not what it seems. */
  #explain(error: unknown): unknown {
    if (this.#isSpoken || !(error instanceof Error)) return error;
    const code = 'code' in error ? String(error.code) : '';
    if (/^ERR_HTTP2_ERROR$|NO_APPLICATION_PROTOCOL/.test(code)) {
      return this.#answerError(
        "no HTTP/2: is this etcd's client port, or a proxy that passes no gRPC on?",
        2,
      );
    }
    if (error.name !== 'Error' || !['', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code))
      return error;
    const other = this.#endpoint.startsWith('https:') ? 'http' : 'https';
    return new Error(`ended before anything was said: is it ${other}?`, { cause: error });
  }

  #answerError(message: string, code: number): AnswerError {
    return new AnswerError({ message, code, endpoint: this.#endpoint });
  }

  #open(): ClientHttp2Session {
    const present = this.#session;
    if (present !== undefined && !present.closed && !present.destroyed) return present;
    const session = http2().connect(this.#endpoint, {
      ...this.#tls,
      settings: { enablePush: false, initialWindowSize: windowBytes },
    });
    this.#session = session;
    this.#sessions.add(session);
    this.#isSpoken = false;
    session.on('remoteSettings', () => {
      this.#isSpoken = true;
    });
    session.on('connect', () => session.setLocalWindowSize(windowBytes));
    // Its streams tell it to those who wait for them.
    session.on('error', () => {});
    session.on('goaway', () => this.#forget(session));
    session.on('close', () => {
      this.#sessions.delete(session);
      this.#forget(session);
    });
    return session;
  }

  #giveUp(session: ClientHttp2Session, afterMs: number): void {
    this.#forget(session);
    setTimeout(() => session.destroy(), afterMs).unref();
  }

  #forget(session: ClientHttp2Session): void {
    if (this.#session === session) this.#session = undefined;
  }
}

/** A flag (not compressed), the length, the message. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function* unframed(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let sizeBytes = 0;
  let wantedBytes = 5;
  for await (const part of parts) {
    gathered.push(part);
    sizeBytes += part.length;
    if (sizeBytes < wantedBytes) continue;
    let rest = Buffer.concat(gathered);
    for (;;) {
      wantedBytes = rest.length < 5 ? 5 : 5 + rest.readUInt32BE(1);
      if (rest.length < wantedBytes) break;
      yield rest.subarray(5, wantedBytes);
      rest = rest.subarray(wantedBytes);
    }
    gathered = [rest];
    sizeBytes = rest.length;
  }
}

/** What ended a session is the cause of its streams' end. */
function asCause(error: unknown): unknown {
  const isCancelled = error instanceof Error && 'code' in error && error.code === 'ERR_HTTP2_STREAM_CANCEL';
  return isCancelled && error.cause instanceof Error ? error.cause : error;
}

function decodeMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
