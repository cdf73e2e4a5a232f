import { statSync } from 'node:fs';
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
 * while others go on there. All of it is one transaction of the file: nobody changes it while the copy is made, and it is
 * marked when all has been taken or not at all, also where this process is killed.
 *
 * @throws RotaError STORE_UNREADABLE where no run store is, RUN_BUSY, STORE_BUSY, STORE_MOVED, and what `take` throws
 */
export async function moveOutOfSqlite(p: MoveOut): Promise<void> {
  const file = resolve(p.file);
  const place = thisPlace();
  refuseNothing(file);
  refuseNetworkFileSystem(file, place);
  const db = await waitWhileBusy(p.clock, () => new Connection({ file, clock: p.clock, place }));
  try {
    await waitWhileBusy(p.clock, () => migrate(db));
    await waitWhileBusy(p.clock, () => settleMachine(db, place, false));
    await db.writeSlowly(async () => {
      refuseMoved(db);
      refuseBusy(db);
      await p.take([...exportState(db)]);
      db.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('moved_to', ?)", p.to);
    });
  } finally {
    db.close();
  }
}

/** A name that was mistyped would be an empty store, and to move that would take the place of the right one. */
function refuseNothing(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat !== undefined && !(stat.isFile() && stat.size === 0)) return;
  throw new RotaError(
    'STORE_UNREADABLE',
    `${file} ${stat === undefined ? 'is not there' : 'is empty'}: name the file that \`store\` in rota.yaml named`,
  );
}

function refuseBusy(db: Connection): void {
  const busy = db.one<{ key: string }>(
    `SELECT key FROM leases WHERE ${leaseIsAlive}`,
    db.bootId,
    db.monotonicMs,
  );
  if (busy === undefined) return;
  throw new RotaError(
    'RUN_BUSY',
    `${busy.key} is held by a process that works on ${db.file}: end all workers and monitors, then move the store`,
    { facts: { lease: busy.key } },
  );
}
