import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestBed } from '../bed.ts';
import { startMariadb } from '../mariadb.ts';
import { isPresent } from '../requirements.ts';
import { bedFolder, endProcessesOf, processIdentity } from './sweep.ts';

/**
 * Starts what the test files share, and tells them by ROTA_TEST_BED; nothing where there is no MariaDB.
 * The wikis in it are made by the first test that asks for one (support/mediawiki).
 */
export async function openBed(): Promise<AsyncDisposable> {
  if (!isPresent('mariadb')) return { [Symbol.asyncDispose]: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), bedFolder.prefix));
  writeFileSync(join(folder, bedFolder.ownerFile), processIdentity(process.pid));
  const file = join(folder, 'bed.json');
  // Set before anything is started: it is also the mark by which what is left of a run is found and ended.
  process.env.ROTA_TEST_BED = file;
  const mariadb = await startMariadb(join(folder, 'db'));
  const { socket, port, writer, reader } = mariadb;
  const bed: TestBed = { folder, mariadb: { socket, port, writer, reader } };
  writeFileSync(file, JSON.stringify(bed));
  return {
    [Symbol.asyncDispose]: async () => {
      endProcessesOf(file);
      await mariadb[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
