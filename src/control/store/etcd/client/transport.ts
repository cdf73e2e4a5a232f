import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../../../../core/clock.ts';
import {
  AnswerError,
  asRotaError,
  certificateRefused,
  isTlsFault,
  mayPass,
  unavailable,
  wantsLogin,
} from './answer-error.ts';

/** PEM texts. A client certificate needs its key. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface TransportOptions {
  /** Such as `https://h1:2379`; all members of one cluster. */
  readonly endpoints: readonly string[];
  readonly tls?: TlsFiles;
  readonly user?: { readonly name: string; readonly password: string };
  readonly clock: Clock;
  /** For one try at one endpoint; default 3 s. */
  readonly requestTimeoutMs?: number;
  /** How long to go on trying all endpoints before saying that there is no quorum; default 12 s. */
  readonly patienceMs?: number;
}

/**
 * Sends calls to whichever endpoint answers. A call may reach etcd twice (a try timed out, but was done all the same),
 * so only calls that may be repeated are sent here; see Transaction for how commits are made so.
 *
 * Not `fetch`: Node's own cannot be given a certificate authority or client certificate.
 */
export class Transport implements AsyncDisposable {
  readonly endpoints: readonly string[];
  readonly #options: TransportOptions;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https: HttpsAgent;
  /** The endpoint that answered last is asked first. */
  #preferred = 0;
  #login: Promise<string> | undefined;
  #isClosed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.endpoints = options.endpoints.map((endpoint) => endpoint.replace(/\/+$/, ''));
    this.#https = new HttpsAgent({ keepAlive: true, ...options.tls });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#http.destroy();
    this.#https.destroy();
  }

  /** Errors: STORE_UNAVAILABLE, STORE_REFUSED, STORE_FULL, STORE_UNREADABLE; AnswerError for what callers understand. */
  async call<T>(path: string, body: unknown): Promise<T> {
    const { clock, patienceMs = 12_000 } = this.#options;
    const startedMs = clock.monotonicMs();
    const wall = performance.now();
    const faults = new Map<string, unknown>();
    for (let tries = 1, logins = 0; ; tries++) {
      const endpoint = this.#endpoint(tries - 1);
      try {
        const answer = await this.#callAs<T>(endpoint, path, body);
        this.#preferred = this.endpoints.indexOf(endpoint);
        return answer;
      } catch (error) {
        if (this.#options.user !== undefined && wantsLogin(error) && logins++ < 2) {
          this.#login = undefined;
          continue;
        }
        if (!mayPass(error))
          throw error instanceof AnswerError && keepsAnswer(error) ? error : asRotaError(error);
        faults.set(endpoint, error);
      }
      if (faults.size === this.endpoints.length && [...faults.values()].every(isTlsFault)) {
        throw certificateRefused(faults);
      }
      // Real time as well: a test's clock may stand still while a server is gone.
      if (Math.max(clock.monotonicMs() - startedMs, performance.now() - wall) >= patienceMs) {
        throw unavailable(faults, patienceMs);
      }
      // Nobody waits for it any more.
      if (this.#isClosed) throw unavailable(faults, 0);
      if (tries % this.endpoints.length === 0)
        await pause(Math.min(1_000, 50 * 2 ** (tries / this.endpoints.length)));
    }
  }

  /** One try at one endpoint, for checks that are about it. */
  async callAt<T>(endpoint: string, path: string, body: unknown): Promise<T> {
    try {
      return await this.#callAs<T>(endpoint, path, body);
    } catch (error) {
      if (error instanceof AnswerError) throw asRotaError(error);
      throw unavailable(new Map([[endpoint, error]]), this.#options.requestTimeoutMs ?? 3_000);
    }
  }

  /**
   * A call of several messages whose answers go on: lines as they come, until the signal or the endpoint ends it. One
   * try at the endpoint that answered last; a silence says nothing, so ask that endpoint otherwise whether it lives.
   */
  async *stream<T>(path: string, messages: readonly unknown[], signal: AbortSignal): AsyncGenerator<T> {
    const endpoint = this.#endpoint(0);
    const response = await this.#send(endpoint, path, messages, await this.#token(endpoint), signal);
    let rest = '';
    try {
      for await (const part of response.setEncoding('utf8')) {
        const lines = (rest + part).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') yield parse(line, endpoint, response.statusCode) as T;
      }
    } finally {
      response.destroy();
    }
  }

  /** The endpoint that the next stream begins with. */
  get preferred(): string {
    return this.#endpoint(0);
  }

  /** The next stream or call begins with another endpoint than this. */
  turnAway(from: string): void {
    if (from === this.preferred) this.#preferred = (this.#preferred + 1) % this.endpoints.length;
  }

  async #callAs<T>(endpoint: string, path: string, body: unknown): Promise<T> {
    const response = await this.#send(endpoint, path, [body], await this.#token(endpoint));
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part);
    return parse(Buffer.concat(parts).toString('utf8'), endpoint, response.statusCode) as T;
  }

  #endpoint(offset: number): string {
    const endpoint = this.endpoints[(this.#preferred + offset) % this.endpoints.length];
    if (endpoint === undefined) throw new TypeError('an etcd store needs an endpoint');
    return endpoint;
  }

  async #token(endpoint: string): Promise<string | undefined> {
    const { user } = this.#options;
    if (user === undefined) return undefined;
    this.#login ??= this.#send(endpoint, '/v3/auth/authenticate', [user], undefined).then(
      async (response) => {
        const parts: Buffer[] = [];
        for await (const part of response) parts.push(part);
        const answer = parse(Buffer.concat(parts).toString('utf8'), endpoint, response.statusCode);
        return (answer as { readonly token: string }).token;
      },
    );
    try {
      return await this.#login;
    } catch (error) {
      this.#login = undefined;
      // A cluster without authentication needs no login.
      if (error instanceof AnswerError && /authentication is not enabled/.test(error.message))
        return undefined;
      throw error;
    }
  }

  #send(
    endpoint: string,
    path: string,
    messages: readonly unknown[],
    token: string | undefined,
    /** Of a stream, which has no other end. */
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const isTls = endpoint.startsWith('https:');
    const timeoutMs = this.#options.requestTimeoutMs ?? 3_000;
    return new Promise((resolve, reject) => {
      const request = (isTls ? httpsRequest : httpRequest)(`${endpoint}${path}`, {
        method: 'POST',
        agent: isTls ? this.#https : this.#http,
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: token }),
          // A member that knows no leader ends a stream instead of falling silent.
          ...(signal === undefined ? {} : { 'grpc-metadata-hasleader': 'true' }),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      const timer =
        signal === undefined
          ? setTimeout(() => {
              const error = new Error(`no answer for ${timeoutMs / 1000} s`);
              error.name = 'TimeoutError';
              request.destroy(error);
              reject(error);
            }, timeoutMs)
          : undefined;
      request.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      request.on('response', (response) => {
        response.on('close', () => clearTimeout(timer));
        resolve(response);
      });
      request.end(messages.map((message) => JSON.stringify(message)).join('\n'));
    });
  }
}

/** What is answered by design: a compacted revision, a lease that has gone. */
function keepsAnswer(error: AnswerError): boolean {
  return /compacted|lease not found/.test(error.message);
}

function parse(text: string, endpoint: string, status = 200): unknown {
  let answer: { readonly error?: unknown; readonly message?: string; readonly code?: number };
  try {
    answer = JSON.parse(text);
  } catch {
    // etcd itself refuses in plain text a certificate with a common name, where logins are on, too.
    const said = text.trim().slice(0, 120).replaceAll(/\s+/g, ' ');
    throw new AnswerError({
      message: `HTTP ${status}, no JSON${said === '' ? '' : ` but "${said}"`}: is this etcd's client port?`,
      code: status === 503 ? 14 : 2,
      endpoint,
    });
  }
  if (status < 400 && answer.error === undefined) return answer;
  // In a stream the fault is an object of its own.
  const fault =
    typeof answer.error === 'object' && answer.error !== null ? (answer.error as typeof answer) : answer;
  const message = fault.message ?? String(answer.error ?? `HTTP ${status}`);
  throw new AnswerError({ message, code: fault.code ?? (status === 503 ? 14 : 2), endpoint });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms * (0.5 + Math.random() / 2)));
}
