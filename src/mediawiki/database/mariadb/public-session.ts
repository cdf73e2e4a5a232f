import type { Connection, FieldPacket } from 'mysql2';
import { ArrayRows, type CellValue } from '../array-rows.ts';
import type { ResultRows } from '../database-connection.ts';
import { ConnectionLost } from './server-error.ts';
import type { Session, SessionQuery } from './session.ts';

/** Reads answers through mysql2's public interface: the fallback of the lean session, and its yardstick in tests. */
export class PublicSession implements Session {
  readonly #connection: Connection;
  readonly #queryTimeoutMs: number;

  constructor(connection: Connection, options: { queryTimeoutMs: number }) {
    this.#connection = connection;
    this.#queryTimeoutMs = options.queryTimeoutMs;
  }

  run(sql: string, options: SessionQuery): Promise<ResultRows> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        this.#connection.destroy();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#connection.query(
        { sql, rowsAsArray: true, typeCast: false, timeout: this.#queryTimeoutMs },
        (error: Error | null, rows: unknown, fields?: FieldPacket[]) => {
          signal?.removeEventListener('abort', onAbort);
          if (error !== null) {
            const isClosed = /closed state/.test(error.message);
            reject(isClosed ? new ConnectionLost(error.message) : error);
            return;
          }
          const columns = (fields ?? []).map((field) => field.name);
          resolve(new ArrayRows(columns, Array.isArray(rows) ? (rows as CellValue[][]) : []));
        },
      );
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#connection.destroy();
        resolve();
      }, 1000);
      this.#connection.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
