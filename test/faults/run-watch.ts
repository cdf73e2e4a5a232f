import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Farm } from '../support/mediawiki/farm.ts';

/** One change of state as run control recorded it. */
export interface Transition {
  readonly stage: string | null;
  readonly to: string;
  readonly pid: number | null;
}

/** All changes of state of a farm's runs so far, in order; none before there is a store. */
export function transitionsOf(farm: Farm): readonly Transition[] {
  const file = join(farm.folder, 'rota.db');
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    const rows = database.prepare('SELECT stage, to_state, pid FROM transitions ORDER BY number').all();
    return rows.map((row) => ({
      stage: row.stage === null ? null : String(row.stage),
      to: String(row.to_state),
      pid: row.pid === null ? null : Number(row.pid),
    }));
  } catch (error) {
    // The tables are made by the process that is watched.
    if (/no such table/.test(String(error))) return [];
    throw error;
  } finally {
    database.close();
  }
}

/**
 * Waits until the farm's run control has recorded what `seen` looks for, or the work has ended without it.
 * @returns whether it was seen
 */
export async function whenRecorded(
  farm: Farm,
  work: Promise<unknown>,
  seen: (transitions: readonly Transition[]) => boolean,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const look = (): void => {
    if (seen(transitionsOf(farm))) resolve(true);
  };
  // The write-ahead log grows with every transaction. The file of shared memory is left out: looking changes it.
  const watcher = watch(farm.folder, (_event, name) => {
    if (name === 'rota.db' || name === 'rota.db-wal') look();
  });
  try {
    look();
    void work.then(() => resolve(seen(transitionsOf(farm))));
    return await promise;
  } finally {
    watcher.close();
  }
}

/**
 * Waits until a stage runs and strikes while it does: the store is locked from the moment it is looked at until the
 * blow has fallen, so the stage cannot be over before.
 * @returns false when the stage was over (or the work ended) before anybody looked, and nothing was struck
 */
export async function strikeIn(
  farm: Farm,
  work: Promise<unknown>,
  stage: string,
  strike: () => void,
): Promise<boolean> {
  let isStruck = false;
  await whenRecorded(farm, work, (transitions) => {
    if (!hasStarted(stage)(transitions)) return false;
    using store = new DatabaseSync(join(farm.folder, 'rota.db'), { timeout: 5000 });
    store.exec('BEGIN IMMEDIATE');
    isStruck = transitionsOf(farm).findLast((change) => change.stage === stage)?.to === 'running';
    if (isStruck) strike();
    store.exec('ROLLBACK');
    return true;
  });
  return isStruck;
}

export function hasStarted(stage: string): (transitions: readonly Transition[]) => boolean {
  return (transitions) => transitions.some((change) => change.stage === stage && change.to === 'running');
}
