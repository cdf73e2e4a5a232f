import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Connection } from './connection.ts';
import { initial } from './migrations/001-initial.ts';
import { requestsWithReason } from './migrations/002-requests-with-reason.ts';

/** In order; a released migration never changes. */
const migrations = [initial, requestsWithReason] as const;

/** Brings the file to this version's schema; several processes may do it at once. */
export function migrate(db: Connection): void {
  if (schemaVersion(db) === migrations.length) return;
  db.write(() => {
    const version = schemaVersion(db);
    if (version > migrations.length) {
      throw new RotaError(
        'STORE_NEWER',
        `The run store ${db.file} has schema ${version}, this Rota knows ${migrations.length}: install the newer version here too`,
      );
    }
    for (const migration of migrations.slice(version)) db.exec(migration);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function schemaVersion(db: Connection): number {
  return Number(db.one<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0);
}
