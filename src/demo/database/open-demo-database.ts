import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type DatabaseAddress, parseDatabaseUrl } from '../../mediawiki/database/database-address.ts';
import { externalCluster } from '../wiki/text-store.ts';
import type { DemoDatabase } from './demo-database.ts';
import { MariadbDatabase } from './mariadb-database.ts';
import { SqliteDatabase } from './sqlite-database.ts';

/** A wiki's database, and the one that holds its external texts. */
export interface DemoDatabases extends AsyncDisposable {
  readonly database: DemoDatabase;
  readonly external: DemoDatabase | null;
}

export interface OpenDemoOptions {
  /** `mysql://…`, `sqlite:FILE`, or the path of a file. */
  readonly address: string;
  /** For MariaDB, where the URL holds none. */
  readonly password?: string;
  /** Whether there is external storage: `NAME_es` beside a MariaDB database, `FILE-cluster1` beside a file. */
  readonly external: boolean;
  /** Begin anew: a file of SQLite is removed first. */
  readonly replace: boolean;
  /** Make what is missing; by default yes. */
  readonly create?: boolean;
}

/**
 * Opens the database that a demonstration wiki is written to; it is made if it is missing.
 * @throws RotaError DATABASE_ADDRESS_INVALID, DATABASE_MISSING, DATABASE_UNREACHABLE, DATABASE_LOGIN_REFUSED
 */
export async function openDemoDatabases(options: OpenDemoOptions): Promise<DemoDatabases> {
  const address = demoAddress(options.address, options.password);
  const database = await open(address, options);
  let external: DemoDatabase | null = null;
  try {
    external = options.external ? await open(externalAddress(address), options) : null;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
  return {
    database,
    external,
    async [Symbol.asyncDispose]() {
      await external?.[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A URL, or a file name without a scheme. */
export function demoAddress(text: string, password?: string): DatabaseAddress {
  const url = /^[a-z][a-z0-9+.-]+:/i.test(text) ? text : `sqlite:${text}`;
  const address = parseDatabaseUrl(url, password === undefined ? {} : { password });
  if (address.tablePrefix !== undefined)
    throw new RotaError(
      'DATABASE_ADDRESS_INVALID',
      'A demonstration wiki has no table prefix: leave it out.',
    );
  return address;
}

/** Where the texts of external storage go. */
export function externalAddress(address: DatabaseAddress): DatabaseAddress {
  return address.dialect === 'sqlite'
    ? { ...address, file: `${address.file}-${externalCluster}` }
    : { ...address, database: `${address.database}_es` };
}

async function open(
  address: DatabaseAddress,
  { replace, create = true }: OpenDemoOptions,
): Promise<DemoDatabase> {
  if (address.dialect === 'sqlite') {
    if (!create && !existsSync(address.file)) {
      throw new RotaError(
        'DATABASE_MISSING',
        `There is no database file at ${address.file}: check the path.`,
      );
    }
    if (replace) {
      refuseUnlessDatabase(address.file);
      for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(address.file + suffix, { force: true });
    }
    return SqliteDatabase.open(address);
  }
  return await MariadbDatabase.open(address, create);
}

/** `--replace` is for a wiki that is there: whatever else the name leads to stays. */
function refuseUnlessDatabase(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (found.isFile() && (found.size === 0 || beginsAsSqlite(path)))) return;
  throw new RotaError('USAGE', `${path} is not replaced: it is no SQLite database; name another file.`);
}

function beginsAsSqlite(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(15);
    readSync(file, bytes, 0, bytes.length, 0);
    return bytes.toString('latin1') === 'SQLite format 3';
  } finally {
    closeSync(file);
  }
}
