import { type Connection, createConnection } from 'mysql2/promise';
import type { MariadbAddress } from '../../mediawiki/database/database-address.ts';
import { mariadbError } from '../../mediawiki/database/mariadb/errors.ts';
import { quoted } from '../schema/create-statements.ts';
import type { DemoDatabase, Value } from './demo-database.ts';

/** Prepared statements take at most 65,535 values; a packet must stay below the server's smallest usual limit. */
const valuesAtOnce = 8000;
const bytesAtOnce = 4 << 20;

/** A MediaWiki database on MariaDB or MySQL. */
export class MariadbDatabase implements DemoDatabase {
  readonly dialect = 'mysql';
  readonly #connection: Connection;

  readonly #address: MariadbAddress;

  constructor(connection: Connection, address: MariadbAddress) {
    this.#connection = connection;
    this.#address = address;
  }

  /**
   * Connects; with `create` the database is made if there is none of that name.
   * @throws RotaError DATABASE_UNREACHABLE, DATABASE_LOGIN_REFUSED, DATABASE_MISSING
   */
  static async open(address: MariadbAddress, create: boolean): Promise<MariadbDatabase> {
    const place =
      address.socket === undefined
        ? { host: address.host ?? 'localhost', port: address.port ?? 3306 }
        : { socketPath: address.socket };
    let connection: Connection | null = null;
    try {
      connection = await createConnection({
        ...place,
        user: address.user,
        ...(address.password === undefined ? {} : { password: address.password }),
        ...(address.tls === undefined
          ? {}
          : {
              ssl: {
                rejectUnauthorized: address.tls.verify,
                ...(address.tls.ca ? { ca: address.tls.ca } : {}),
              },
            }),
        charset: 'utf8mb4',
        supportBigNumbers: true,
      });
      const name = `\`${address.database.replaceAll('`', '``')}\``;
      if (create) await connection.query(`CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET binary`);
      await connection.query(`USE ${name}`);
      await connection.query(
        "SET sql_mode = 'NO_ENGINE_SUBSTITUTION,STRICT_TRANS_TABLES', unique_checks = 0",
      );
      await connection.query("SET time_zone = '+00:00', autocommit = 0");
      return new MariadbDatabase(connection, address);
    } catch (error) {
      connection?.destroy();
      throw mariadbError(error, address);
    }
  }

  async execute(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.#guard(() => this.#connection.query(statement));
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    const group = `(${columns.map(() => '?').join(',')})`;
    const limit = Math.max(1, Math.floor(valuesAtOnce / columns.length));
    let start = 0;
    while (start < rows.length) {
      const values: Value[] = [];
      let bytes = 0;
      let end = start;
      // Full batches have the same text, so that the server prepares each only once.
      while (end < rows.length && end - start < limit && bytes < bytesAtOnce) {
        const row = rows[end];
        if (row === undefined) break;
        for (const value of row) {
          values.push(value);
          bytes += Buffer.isBuffer(value) || typeof value === 'string' ? value.length : 8;
        }
        end += 1;
      }
      const groups = new Array(end - start).fill(group).join(',');
      const sql = `INSERT INTO ${quoted(table, 'mysql')} (${columns.join(',')}) VALUES ${groups}`;
      await this.#guard(() => this.#connection.execute(sql, values));
      if (end - start < limit) this.#connection.unprepare(sql);
      start = end;
    }
  }

  async run(sql: string, parameters: readonly Value[] = []): Promise<void> {
    await this.#guard(() => this.#connection.execute(sql, [...parameters]));
  }

  async query(sql: string, parameters: readonly Value[] = []): Promise<readonly (readonly Value[])[]> {
    const [rows] = await this.#guard(() =>
      this.#connection.query({ sql, values: [...parameters], rowsAsArray: true }),
    );
    return (rows as readonly (readonly unknown[])[]).map((row) => row.map(toValue));
  }

  async commit(): Promise<void> {
    await this.#guard(() => this.#connection.query('COMMIT'));
  }

  /** Ends the connection; what was not committed is undone. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.end().catch(() => this.#connection.destroy());
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw mariadbError(error, this.#address);
    }
  }
}

function toValue(value: unknown): Value {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value === 'number' || typeof value === 'string' || Buffer.isBuffer(value))
    return value;
  throw new TypeError(`unexpected value of type ${typeof value}`);
}
