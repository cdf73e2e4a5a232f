import { systemClock } from '../../../core/clock.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { describeAddress, type MariadbAddress } from '../database-address.ts';
import {
  collectRows,
  type DatabaseConnection,
  type OpenDatabaseOptions,
  type QueryOptions,
  type QueryParameter,
  type ResultRows,
  type Snapshot,
} from '../database-connection.ts';
import { mariadbDialect } from './dialect.ts';
import { logInByDriver } from './driver-login.ts';
import { isConnectionLoss, mariadbError } from './errors.ts';
import { LeanSession } from './lean-session.ts';
import { bindLiterals } from './literals.ts';
import { logIn } from './login.ts';
import { PublicSession } from './public-session.ts';
import { ConnectionLost } from './server-error.ts';
import type { Session } from './session.ts';

const firstPauseMs = 250;
const longestPauseMs = 10_000;

export async function openMariadb(
  address: MariadbAddress,
  options: OpenDatabaseOptions,
): Promise<MariadbConnection> {
  const connection = new MariadbConnection(address, options);
  await connection.open();
  return connection;
}

/**
 * A connection to MariaDB or MySQL that is made again when it is lost (with growing pauses, for `retryForMs`),
 * because everything it does can be repeated; within a snapshot it is not, since the snapshot died with it.
 */
export class MariadbConnection implements DatabaseConnection {
  readonly dialect = mariadbDialect;
  readonly address: MariadbAddress;
  readonly #options: OpenDatabaseOptions;
  readonly #retryForMs: number;
  #session: Session | null = null;
  #inSnapshot = false;
  #isClosed = false;

  constructor(address: MariadbAddress, options: OpenDatabaseOptions) {
    this.address = address;
    this.#options = options;
    this.#retryForMs = options.retryForMs ?? 5 * 60_000;
  }

  async open(): Promise<void> {
    if (this.#options.patientStart === true) await this.#patiently(async () => {}, this.#options.signal);
    else await this.#connect().catch((error) => this.#fail(error));
  }

  select(
    sql: string,
    parameters: readonly QueryParameter[] = [],
    options: QueryOptions = {},
  ): Promise<ResultRows> {
    const signal = options.signal ?? this.#options.signal;
    const bound = bindLiterals(sql, parameters);
    const run = (session: Session) => session.run(bound, { ...options, signal });
    return this.#inSnapshot ? this.#inSnapshotOnly(run) : this.#patiently(run, signal);
  }

  async query(sql: string, parameters: readonly QueryParameter[] = [], options: QueryOptions = {}) {
    return collectRows(await this.select(sql, parameters, options));
  }

  async beginSnapshot(signal = this.#options.signal): Promise<Snapshot> {
    const clock = this.#options.clock ?? systemClock;
    const takenAt = await this.#patiently(async (session) => {
      await session.run('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ', { signal });
      const now = clock.now();
      await session.run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY', { signal });
      return now;
    }, signal);
    this.#inSnapshot = true;
    return { takenAt, kind: 'transaction' };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const session = this.#session;
    this.#session = null;
    await session?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #inSnapshotOnly<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = this.#session;
    try {
      if (session === null) throw new ConnectionLost('the connection is closed');
      return await work(session);
    } catch (error) {
      if (!isConnectionLoss(error)) return this.#fail(error);
      await this.#drop();
      const message = error instanceof Error ? error.message : String(error);
      throw new RotaError(
        'SNAPSHOT_LOST',
        `The connection to ${describeAddress(this.address)} broke (${message}) and its snapshot is lost: read again from a new one.`,
        { cause: error },
      );
    }
  }

  async #patiently<T>(work: (session: Session) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const clock = this.#options.clock ?? systemClock;
    const startedMs = clock.monotonicMs();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await work(await this.#connect());
      } catch (error) {
        signal?.throwIfAborted();
        if (this.#isClosed || !isConnectionLoss(error)) return this.#fail(error);
        await this.#drop();
        const spentMs = clock.monotonicMs() - startedMs;
        if (spentMs + pauseMs > this.#retryForMs) return this.#fail(error);
        const message = error instanceof Error ? error.message : String(error);
        this.#options.log.warn(
          { database: describeAddress(this.address), error: message, pauseMs },
          'database connection lost, connecting again',
        );
        await clock.sleep(pauseMs, signal);
      }
    }
  }

  async #connect(): Promise<Session> {
    if (this.#session !== null) return this.#session;
    if (this.#isClosed) throw new Error('the connection was closed by its owner');
    const connectTimeoutMs = this.#options.connectTimeoutMs ?? 20_000;
    const queryTimeoutMs = this.#options.queryTimeoutMs ?? 30 * 60_000;
    const wantsPublic = this.#options.publicInterface === true;
    let session: Session | null = null;
    if (!wantsPublic) {
      const lean = new LeanSession(await logIn(this.address, { connectTimeoutMs }), { queryTimeoutMs });
      if (await understandsAnswers(lean)) {
        session = lean;
      } else {
        await lean.close();
        this.#options.log.warn(
          { database: describeAddress(this.address) },
          "the lean reader does not understand this server; using the driver's, which costs more CPU",
        );
      }
    }
    if (session === null) {
      const { connection } = await logInByDriver(this.address, { connectTimeoutMs });
      session = new PublicSession(connection, { queryTimeoutMs });
    }
    // The spool may think between two chunks; what an account may not set is left as it is.
    await session.run('SET SESSION wait_timeout = 28800, net_write_timeout = 600', {}).catch((error) => {
      if (isConnectionLoss(error)) throw error;
    });
    this.#session = session;
    return session;
  }

  async #drop(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.close().catch(() => {});
  }

  #fail(error: unknown): never {
    if (this.#options.signal?.aborted && error === this.#options.signal.reason) throw error;
    if (error instanceof Error && error.name === 'AbortError') throw error;
    if (error instanceof RangeError || error instanceof TypeError) throw error;
    throw mariadbError(error, this.address);
  }
}

/** A self-test of the takeover: rows with text, NULL and a number must come back as they were asked for. */
async function understandsAnswers(session: Session): Promise<boolean> {
  try {
    const rows = await session.run("SELECT X'00ff41' AS a, NULL AS b, 4294967296123 AS c", {});
    return (
      rows.columns.join() === 'a,b,c' &&
      rows.next() &&
      rows.binary(0) === '\x00\xffA' &&
      rows.isNull(1) &&
      rows.int(2) === 4_294_967_296_123 &&
      !rows.next()
    );
  } catch (error) {
    if (isConnectionLoss(error)) throw error;
    return false;
  }
}
