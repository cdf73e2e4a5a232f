import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../core/manual-clock.ts';
import { runStoreConformance } from '../testing/run-store-conformance.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

runStoreConformance('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rota-store-'));
  const clock = new ManualClock();
  return {
    clock,
    open: () => openSqliteStore({ file: join(folder, 'rota.db'), clock }),
    close: () => rm(folder, { recursive: true }),
  };
});
