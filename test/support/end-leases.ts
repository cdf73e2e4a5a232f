import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * As a farm's store on SQLite sees it, nobody has renewed a lease for an hour. So the leases of tests can be longer than a
 * busy machine ever keeps a process from renewing its own, and nobody waits for those of the dead.
 */
export function endLeases(folder: string): void {
  using store = new DatabaseSync(join(folder, 'rota.db'), { timeout: 60_000 });
  store.exec(
    'UPDATE leases SET expires_mono = expires_mono - 3600000, renewed_mono = renewed_mono - 3600000',
  );
}
