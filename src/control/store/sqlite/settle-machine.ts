import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Place } from './check-place.ts';
import type { Connection } from './connection.ts';
import { readGeneration } from './grant-lease.ts';

/**
 * Refuses a file that another machine used: its clock and its processes are not ours, so a lease in it means nothing
 * here. The same boot is the same machine whatever it is called (containers may have no machine-id).
 */
export function settleMachine(db: Connection, place: Place, adopt: boolean): void {
  const known = readMeta(db, 'machine_id');
  const knownBoot = readMeta(db, 'boot_id');
  const foreign =
    known !== undefined &&
    place.machineId !== undefined &&
    known !== place.machineId &&
    knownBoot !== place.bootId;
  if (!foreign && knownBoot === place.bootId && (known !== undefined || place.machineId === undefined))
    return;
  if (foreign && !adopt) {
    throw new RotaError(
      'STORE_OTHER_MACHINE',
      `The run store ${db.file} belongs to another machine: if it was moved here for good, run \`rota store new-generation\`; for many machines use an etcd store`,
      { facts: { file: db.file } },
    );
  }
  db.write(() => {
    if (place.machineId !== undefined) putMeta(db, 'machine_id', place.machineId);
    putMeta(db, 'boot_id', place.bootId);
    if (foreign) raiseGeneration(db);
  });
}

export function newGeneration(db: Connection): number {
  return db.write(() => raiseGeneration(db));
}

function raiseGeneration(db: Connection): number {
  const generation = readGeneration(db) + 1;
  putMeta(db, 'generation', String(generation));
  // Whoever raises it takes the file as the one to go on with.
  db.run("DELETE FROM meta WHERE key = 'moved_to'");
  db.run('UPDATE leases SET token = NULL, holder = NULL, boot_id = NULL, expires_mono = NULL');
  db.run("UPDATE pieces SET token = NULL, boot_id = NULL, expires_mono = NULL WHERE state = 'open'");
  return generation;
}

function readMeta(db: Connection, key: string): string | undefined {
  return db.one<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value;
}

function putMeta(db: Connection, key: string, value: string): void {
  db.run(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    key,
    value,
  );
}
