import { resolve } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import type { RunStore } from '../run-store.ts';
import { type Place, refuseNetworkFileSystem, thisPlace } from './check-place.ts';
import { Connection, inMemory } from './connection.ts';
import { migrate } from './migrate.ts';
import { refuseMoved } from './refuse-moved.ts';
import { settleMachine } from './settle-machine.ts';
import { SqliteRunStore } from './sqlite-run-store.ts';
import { waitWhileBusy } from './wait-while-busy.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder exists. Created if missing. */
  readonly file: string;
  readonly clock: Clock;
  /** Takes over a file that came from another machine, as a new generation (`rota store new-generation`). */
  readonly adopt?: boolean;
  /** For tests. */
  readonly place?: Place;
}

/**
 * Opens (and if needed creates) the run store in one SQLite file, which all processes of one machine share.
 * Errors: STORE_ON_NETWORK, STORE_OTHER_MACHINE, STORE_MOVED, STORE_NEWER, STORE_UNREADABLE, STORE_BUSY.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<RunStore> {
  const file = resolve(options.file);
  const place = options.place ?? thisPlace();
  refuseNetworkFileSystem(file, place);
  return await openFile(file, place, options);
}

/** A store with nothing in it, which ends with its process: what those see who only look where there is none yet. */
export async function openEmptyStore(options: Pick<SqliteStoreOptions, 'clock'>): Promise<RunStore> {
  return await openFile(inMemory, thisPlace(), options);
}

async function openFile(
  file: string,
  place: Place,
  options: Pick<SqliteStoreOptions, 'clock' | 'adopt'>,
): Promise<RunStore> {
  const db = await waitWhileBusy(options.clock, () => new Connection({ file, clock: options.clock, place }));
  try {
    await waitWhileBusy(options.clock, () => migrate(db));
    if (options.adopt !== true) refuseMoved(db);
    await waitWhileBusy(options.clock, () => settleMachine(db, place, options.adopt ?? false));
  } catch (error) {
    db.close();
    throw error;
  }
  return new SqliteRunStore(db);
}
