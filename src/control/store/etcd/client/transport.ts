import type { Clock } from '../../../../core/clock.ts';
import {
  AnswerError,
  asRotaError,
  certificateRefused,
  isTlsFault,
  mayPass,
  memberAway,
  unavailable,
  wantsLogin,
} from './answer-error.ts';
import { GrpcConnection, type Metadata, type TlsFiles } from './grpc-connection.ts';
import { type Method, methods } from './methods.ts';

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
 */
export class Transport implements AsyncDisposable {
  readonly endpoints: readonly string[];
  readonly #options: TransportOptions;
  readonly #connections: ReadonlyMap<string, GrpcConnection>;
  /** The endpoint that answered last is asked first. */
  #preferred = 0;
  #token: Promise<string> | undefined;
  #isClosed = false;
  /** Real time of the first fault since a call was last answered. */
  #awaySince: number | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.endpoints = options.endpoints.map((endpoint) => endpoint.replace(/\/+$/, ''));
    this.#connections = new Map(
      this.endpoints.map((endpoint) => [endpoint, new GrpcConnection(endpoint, options.tls)]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const connection of this.#connections.values()) connection.close();
  }

  /** Errors: STORE_UNAVAILABLE, STORE_REFUSED, STORE_FULL, STORE_UNREADABLE; AnswerError for what callers understand. */
  async call<Question, Answer>(method: Method<Question, Answer>, question: Question): Promise<Answer> {
    const { clock, patienceMs = 12_000 } = this.#options;
    const startedMs = clock.monotonicMs();
    const wall = performance.now();
    const faults = new Map<string, unknown>();
    for (let tries = 1, logins = 0; ; tries++) {
      const endpoint = this.#endpoint(tries - 1);
      try {
        const answer = await this.#callAs(endpoint, method, question);
        this.#preferred = this.endpoints.indexOf(endpoint);
        this.#awaySince = undefined;
        return answer;
      } catch (error) {
        if (this.#options.user !== undefined && wantsLogin(error) && logins++ < 2) {
          this.#token = undefined;
          continue;
        }
        if (!mayPass(error))
          throw error instanceof AnswerError && keepsAnswer(error) ? error : asRotaError(error);
        faults.set(endpoint, error);
        this.#awaySince ??= wall;
      }
      if (faults.size === this.endpoints.length && [...faults.values()].every(isTlsFault)) {
        throw certificateRefused(faults);
      }
      // Real time as well: a test's clock may stand still while a server is gone.
      if (Math.max(clock.monotonicMs() - startedMs, performance.now() - wall) >= patienceMs) {
        throw unavailable(faults, performance.now() - (this.#awaySince ?? wall));
      }
      // Nobody waits for it any more.
      if (this.#isClosed) throw unavailable(faults, 0);
      if (tries % this.endpoints.length === 0)
        await pause(Math.min(1_000, 50 * 2 ** (tries / this.endpoints.length)));
    }
  }

  /** One try at one endpoint, for checks that are about it. */
  async callAt<Question, Answer>(
    endpoint: string,
    method: Method<Question, Answer>,
    question: Question,
  ): Promise<Answer> {
    try {
      return await this.#callAs(endpoint, method, question);
    } catch (error) {
      if (error instanceof AnswerError) throw asRotaError(error);
      throw memberAway(endpoint, error);
    }
  }

  /**
   * A call of several questions whose answers go on, as they come, until the signal or the endpoint ends it. One try at the endpoint
   * that answered last; a silence says nothing, so ask that endpoint otherwise whether it lives.
   */
  async *stream<Question, Answer>(
    method: Method<Question, Answer>,
    questions: readonly Question[],
    signal: AbortSignal,
  ): AsyncGenerator<Answer> {
    const endpoint = this.#endpoint(0);
    const messages = questions.map((question) => method.encode(question));
    // A member that knows no leader ends a stream instead of falling silent.
    const metadata = { ...(await this.#login(endpoint)), hasleader: 'true' };
    for await (const message of this.#at(endpoint).listen(method.path, messages, metadata, signal)) {
      yield decode(method, message, endpoint);
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

  async #callAs<Question, Answer>(
    endpoint: string,
    method: Method<Question, Answer>,
    question: Question,
  ): Promise<Answer> {
    return this.#ask(endpoint, method, question, await this.#login(endpoint));
  }

  async #ask<Question, Answer>(
    endpoint: string,
    method: Method<Question, Answer>,
    question: Question,
    metadata: Metadata,
  ): Promise<Answer> {
    const message = method.encode(question);
    const answer = await this.#at(endpoint).ask(method.path, message, metadata, this.#timeoutMs);
    return decode(method, answer, endpoint);
  }

  get #timeoutMs(): number {
    return this.#options.requestTimeoutMs ?? 3_000;
  }

  #at(endpoint: string): GrpcConnection {
    const connection = this.#connections.get(endpoint);
    if (connection === undefined) throw new TypeError(`${endpoint} is none of the endpoints`);
    return connection;
  }

  #endpoint(offset: number): string {
    const endpoint = this.endpoints[(this.#preferred + offset) % this.endpoints.length];
    if (endpoint === undefined) throw new TypeError('an etcd store needs an endpoint');
    return endpoint;
  }

  async #login(endpoint: string): Promise<Metadata> {
    const { user } = this.#options;
    if (user === undefined) return {};
    this.#token ??= this.#ask(endpoint, methods.authenticate, user, {}).then(({ token }) => token);
    try {
      return { token: await this.#token };
    } catch (error) {
      this.#token = undefined;
      // A cluster without authentication needs no login.
      if (error instanceof AnswerError && /authentication is not enabled/.test(error.message)) return {};
      throw error;
    }
  }
}

/** What is answered by design: a compacted revision, a lease that has gone. */
function keepsAnswer(error: AnswerError): boolean {
  return /compacted|lease not found/.test(error.message);
}

function decode<Answer>(method: Method<never, Answer>, message: Buffer, endpoint: string): Answer {
  try {
    return method.decode(message);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AnswerError({ message: `an answer that is none: ${error.message}`, code: 2, endpoint });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms * (0.5 + Math.random() / 2)));
}
