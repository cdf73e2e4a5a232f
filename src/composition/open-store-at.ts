import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EtcdAddress, StoreAddress } from '../config/farm-config.ts';
import { examineCluster, type MemberReport } from '../control/store/etcd/examine-cluster.ts';
import { type EtcdStoreOptions, openEtcdStore } from '../control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../control/store/run-store.ts';
import { openSqliteStore } from '../control/store/sqlite/open-sqlite-store.ts';
import type { Clock } from '../core/clock.ts';

/** The adapter for an address. With `adopt` a file that was moved here from another machine is taken over. */
export async function openStoreAt(
  store: StoreAddress,
  clock: Clock,
  options: { readonly adopt?: boolean } = {},
): Promise<RunStore> {
  if (store.kind === 'sqlite') {
    await mkdir(dirname(store.file), { recursive: true });
    return openSqliteStore({ file: store.file, clock, ...options });
  }
  return openEtcdStore({ ...(await etcdOptions(store)), prefix: store.prefix, clock });
}

/** What every member of the store says of itself; nothing where the store is a file. */
export async function examineStore(store: StoreAddress, clock: Clock): Promise<readonly MemberReport[]> {
  return store.kind === 'sqlite' ? [] : examineCluster({ ...(await etcdOptions(store)), clock });
}

async function etcdOptions(store: EtcdAddress): Promise<Omit<EtcdStoreOptions, 'clock'>> {
  const { endpoints, user } = store;
  const tls: { ca?: string; cert?: string; key?: string } = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const file = store[part];
    if (file !== null) tls[part] = await readFile(file, 'utf8');
  }
  return {
    endpoints,
    tls,
    ...(user === null ? {} : { user: { name: user.name, password: user.password.reveal() } }),
  };
}
