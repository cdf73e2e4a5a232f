import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import type { Clock } from '../../src/core/clock.ts';

export interface EtcdPlace {
  readonly endpoints: readonly string[];
  readonly prefix: string;
}

const etcdFile = 'etcd.json';

/** From now on the processes of this folder work on etcd; without it, on a file in the folder. */
export async function useEtcd(folder: string, place: EtcdPlace): Promise<void> {
  await writeFile(join(folder, etcdFile), JSON.stringify(place));
}

/** The store that the processes of a test share. ROTA_TEST_ENDPOINTS gives one of them another way to it. */
export async function openStoreOf(folder: string, clock: Clock): Promise<RunStore> {
  const file = join(folder, etcdFile);
  if (!existsSync(file)) return openSqliteStore({ file: join(folder, 'rota.db'), clock });
  const place: EtcdPlace = JSON.parse(readFileSync(file, 'utf8'));
  const own = process.env.ROTA_TEST_ENDPOINTS;
  const endpoints = own === undefined ? place.endpoints : own.split(',');
  // As short as the leases of tests, which are a tenth of usual ones.
  return openEtcdStore({ ...place, endpoints, clock, requestTimeoutMs: 1_000, patienceMs: 3_000 });
}
