import { resolve } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { StoredThing } from '../stored-state.ts';
import { refuseNetworkFileSystem, thisPlace } from './check-place.ts';
import { Connection } from './connection.ts';
import { exportState } from './export-state.ts';
import { migrate } from './migrate.ts';
import { leaseIsAlive } from './ownership.ts';
import { refuseMoved } from './refuse-moved.ts';
import { settleMachine } from './settle-machine.ts';
import { waitWhileBusy } from './wait-while-busy.ts';

export interface MoveOut {
  readonly file: string;
  readonly clock: Clock;
  /** How the new place is called, for whoever opens the file later. */
  readonly to: string;
  /** Takes everything; when it has, the file is marked as moved and opened no more. */
  readonly take: (things: Iterable<StoredThing>) => Promise<void>;
}

/**
 * Gives away all that is in the file. Refused while a process works under a lease in it (RUN_BUSY): it would go on here
 * while others go on there.
 */
export async function moveOutOfSqlite(p: MoveOut): Promise<void> {
  const file = resolve(p.file);
  const place = thisPlace();
  refuseNetworkFileSystem(file, place);
  const db = await waitWhileBusy(
    p.clock,
    () => new Connection({ file, clock: p.clock, bootId: place.bootId }),
  );
  try {
    await waitWhileBusy(p.clock, () => migrate(db));
    await waitWhileBusy(p.clock, () => settleMachine(db, place, false));
    refuseMoved(db);
    const things = await waitWhileBusy(p.clock, () =>
      db.write(() => {
        const busy = db.one<{ key: string }>(
          `SELECT key FROM leases WHERE ${leaseIsAlive}`,
          db.bootId,
          db.monotonicMs,
        );
        if (busy !== undefined) {
          throw new RotaError(
            'RUN_BUSY',
            `${busy.key} is held by a process that works on ${file}: end all workers and monitors, then move the store`,
            { facts: { lease: busy.key } },
          );
        }
        // From here on nobody works on the file, also while the copy is made; it is opened again if that fails.
        db.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('moved_to', ?)", p.to);
        return [...exportState(db)];
      }),
    );
    try {
      await p.take(things);
    } catch (error) {
      await waitWhileBusy(p.clock, () => db.write(() => db.run("DELETE FROM meta WHERE key = 'moved_to'")));
      throw error;
    }
  } finally {
    db.close();
  }
}
