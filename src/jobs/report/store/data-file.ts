import { rm, stat } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { RotaError } from '../../../core/errors/rota-error.ts';

export interface DataFileOptions {
  /** Bytes that the database may hold in memory; what is more goes to `temporaryFolder`. */
  readonly memoryBytes: number;
  readonly threads: number;
  /** Where it puts what does not fit; it is made when needed. */
  readonly temporaryFolder: string;
}

/**
 * A DuckDB file. Only the engine opens it: a second handle on the file that is closed would drop the engine's lock.
 * Extensions are never fetched: what Rota uses is built in.
 */
export class DataFile implements AsyncDisposable {
  readonly path: string;
  readonly connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  #open = true;

  private constructor(path: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.path = path;
    this.#instance = instance;
    this.connection = connection;
  }

  /** A new file; one that is there, with what the engine keeps beside it, is removed: it is of an attempt that died. */
  static async create(path: string, options: DataFileOptions): Promise<DataFile> {
    for (const name of [path, `${path}.wal`]) await rm(name, { force: true });
    return await DataFile.#start(path, options, {});
  }

  /** @throws RotaError REPORT_DATA_MISSING, REPORT_DATA_UNREADABLE */
  static async openReadOnly(path: string, options: DataFileOptions): Promise<DataFile> {
    if (!(await exists(path))) {
      throw new RotaError(
        'REPORT_DATA_MISSING',
        `${path} is not there; load the tracker with rota report load`,
      );
    }
    return await DataFile.#start(path, options, { access_mode: 'READ_ONLY' });
  }

  static async #start(
    path: string,
    options: DataFileOptions,
    more: Readonly<Record<string, string>>,
  ): Promise<DataFile> {
    try {
      const instance = await DuckDBInstance.create(path, {
        memory_limit: `${Math.max(32, Math.round(options.memoryBytes / 1e6))}MB`,
        threads: String(options.threads),
        temp_directory: options.temporaryFolder,
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        preserve_insertion_order: 'false',
        ...more,
      });
      return new DataFile(path, instance, await instance.connect());
    } catch (error) {
      throw new RotaError(
        'REPORT_DATA_UNREADABLE',
        `${path} cannot be opened: ${firstLine(error)}; load the tracker again with rota report load --complete`,
        { cause: error },
      );
    }
  }

  async run(sql: string, values?: DuckDBValue[]): Promise<void> {
    await this.connection.run(sql, values);
  }

  /** All rows; for results that are known to be small, or bounded by one scope. */
  async rows(sql: string, values?: DuckDBValue[]): Promise<readonly (readonly DuckDBValue[])[]> {
    const reader = await this.connection.runAndReadAll(sql, values);
    return reader.getRows();
  }

  async number(sql: string, values?: DuckDBValue[]): Promise<number> {
    const [row] = await this.rows(sql, values);
    return Number(row?.[0] ?? 0);
  }

  /** Brings everything into the one file and closes it: a file that is renamed without its `.wal` would lose tables. */
  async finish(): Promise<void> {
    await this.run('CHECKPOINT');
    await this[Symbol.asyncDispose]();
    if (await exists(`${this.path}.wal`)) {
      throw new RotaError('INTERNAL', `${this.path} was closed and left ${this.path}.wal behind.`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
