import type { TargetHost } from '../../../config/environment-config.ts';
import type { Clock } from '../../../core/clock.ts';
import { isRotaError, type RotaError, toRotaError } from '../../../core/errors/rota-error.ts';
import { Limiter } from '../../../export/containers/limiter.ts';
import { targetFailure } from '../target/failures.ts';
import type { ProgramResult, TargetProgram } from '../target/target-program.ts';
import { type RsyncOptions, rsync, within } from '../transport/rsync-program.ts';
import { Session } from '../transport/session.ts';
import type { Transport } from '../transport/transport.ts';

export interface FleetOptions {
  readonly transportOf: (host: TargetHost) => Transport;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly leaseMs: number;
}

/** A program that ended on a host, or did not. */
export interface FleetStep {
  readonly host: string;
  readonly step: string;
  readonly durationMs: number;
  readonly status: number | null;
  /** What was brought to it, and by which host (null: by this machine). */
  readonly brought?: { readonly bytes: number; readonly from: string | null };
  readonly error?: RotaError;
}

/** What came of work on one host. */
export type HostOutcome<T> =
  | { readonly host: TargetHost; readonly ok: true; readonly value: T }
  | { readonly host: TargetHost; readonly ok: false; readonly error: RotaError };

/** A host that is asked too many connections at once looks to some defences like one that is attacked. */
const connectingAtOnce = 16;

/** The hosts of an environment with a session each, which lasts as long as the deployment. */
export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions;
  readonly #sessions = new Map<string, Promise<Session>>();
  readonly #connecting = new Limiter(connectingAtOnce);
  readonly #listeners = new Set<(step: FleetStep) => void>();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /**
   * Runs a program on a host, connecting first where needed. A connection that breaks is made once more, and the
   * program run again: every program can be repeated. A shared connection may end just as it is used.
   * @throws RotaError as failures.ts and Session say
   */
  async run(host: TargetHost, program: TargetProgram, signal: AbortSignal): Promise<ProgramResult> {
    const tell = this.#begin(host, program.name, program.brings);
    let result: ProgramResult;
    try {
      result = await this.#onceMore(host, signal, (session) => session.run(program, signal));
    } catch (error) {
      tell(null, error);
      throw error;
    }
    const failure = targetFailure(host.name, program, result);
    tell(result.status, failure);
    if (failure !== null) throw failure;
    return result;
  }

  /** Tells of every step until the listener is disposed of. */
  listen(listener: (step: FleetStep) => void): Disposable {
    this.#listeners.add(listener);
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
      },
    };
  }

  async send(
    host: TargetHost,
    p: {
      readonly file: string;
      readonly bytes: number;
      readonly path: string;
      readonly deadlineMs: number;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const tell = this.#begin(host, 'send', { bytes: p.bytes, from: null });
    try {
      await this.#onceMore(host, signal, (session) => session.send(p.file, p.path, p.deadlineMs, signal));
      tell(0, null);
    } catch (error) {
      tell(null, error);
      throw error;
    }
  }

  /** Writes what a program prints on a host to a file of this machine. */
  async receive(host: TargetHost, program: TargetProgram, file: string, signal: AbortSignal): Promise<void> {
    const tell = this.#begin(host, program.name, undefined);
    try {
      await this.#onceMore(host, signal, (session) => session.receive(program, file, signal));
      tell(0, null);
    } catch (error) {
      tell(null, error);
      throw error;
    }
  }

  /** Copies files to a host by rsync, over a connection of its own. @throws RotaError as `rsync` does; TARGET_TIMEOUT */
  async copy(host: TargetHost, files: RsyncOptions, deadlineMs: number, signal: AbortSignal): Promise<void> {
    const tell = this.#begin(host, 'rsync', undefined);
    const late = new AbortController();
    try {
      const remote = this.#options.transportOf(host).rsyncRemote(host);
      const work = rsync(host.name, remote, files, AbortSignal.any([signal, late.signal]));
      const bytes = await within(this.#options.clock, { work, deadlineMs, late, host: host.name });
      tell(0, null, { bytes, from: null });
    } catch (error) {
      signal.throwIfAborted();
      tell(null, error);
      throw error;
    }
  }

  /**
   * Works on hosts at once, at most so many at a time, each as far as it comes: what fails on one stops no other. Only
   * what stops the whole deployment is thrown: an abort, a lost lease, a host key that changed.
   */
  async each<T>(
    hosts: readonly TargetHost[],
    work: (host: TargetHost) => Promise<T>,
    p: {
      readonly signal: AbortSignal;
      readonly atOnce?: number;
      readonly onOutcome?: (outcome: HostOutcome<T>) => void;
    },
  ): Promise<readonly HostOutcome<T>[]> {
    const limiter = new Limiter(p.atOnce ?? 200);
    const outcomes = await Promise.all(
      hosts.map((host) =>
        limiter.run(async (): Promise<HostOutcome<T>> => {
          let outcome: HostOutcome<T>;
          try {
            p.signal.throwIfAborted();
            outcome = { host, ok: true, value: await work(host) };
          } catch (thrown) {
            outcome = {
              host,
              ok: false,
              error: toRotaError(thrown, 'INTERNAL', (cause) => `${host.name}: ${cause}`),
            };
          }
          p.onOutcome?.(outcome);
          return outcome;
        }),
      ),
    );
    p.signal.throwIfAborted();
    for (const outcome of outcomes) if (!outcome.ok && stopsAll(outcome.error)) throw outcome.error;
    return outcomes;
  }

  /** Ends all sessions; connections stay open for the next command where ssh keeps them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#sessions.values()].map(async (opening) => {
        const session = await opening.catch(() => null);
        await session?.[Symbol.asyncDispose]();
      }),
    );
    this.#sessions.clear();
  }

  /** Begins a step; what is returned tells of its end. */
  #begin(host: TargetHost, step: string, brings: TargetProgram['brings']) {
    const begunMs = this.#options.clock.monotonicMs();
    return (status: number | null, error: unknown, brought = brings): void => {
      const ended: FleetStep = {
        host: host.name,
        step,
        durationMs: Math.round(this.#options.clock.monotonicMs() - begunMs),
        status,
        ...(brought === undefined || error !== null ? {} : { brought }),
        ...(error === null ? {} : { error: toRotaError(error, 'INTERNAL', String) }),
      };
      for (const listener of this.#listeners) listener(ended);
    };
  }

  async #onceMore<T>(
    host: TargetHost,
    signal: AbortSignal,
    use: (session: Session) => Promise<T>,
  ): Promise<T> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        const session = await this.#session(host);
        signal.throwIfAborted();
        return await use(session);
      } catch (error) {
        signal.throwIfAborted();
        if (!isFirst || !isRotaError(error, 'HOST_UNREACHABLE', 'HOST_LOST')) throw error;
      }
    }
  }

  async #session(host: TargetHost): Promise<Session> {
    const known = this.#sessions.get(host.name);
    if (known !== undefined) {
      const session = await known.catch(() => null);
      if (session?.alive) return session;
    }
    if (this.#sessions.get(host.name) !== known) return this.#session(host);
    const opening = this.#connecting.run(() =>
      Session.open({ ...this.#options, host, transport: this.#options.transportOf(host) }),
    );
    this.#sessions.set(host.name, opening);
    return await opening;
  }
}

/** Another deployer is at work, or something is so wrong that no host should be touched. */
function stopsAll(error: unknown): boolean {
  return isRotaError(error, 'LEASE_LOST', 'HOST_KEY_CHANGED', 'FOREIGN_STORE', 'INTERNAL');
}
