import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SqliteAddress } from '../config/database-config.ts';
import { describeStore } from '../config/describe-store.ts';
import { etcdLogin } from '../config/etcd-login.ts';
import type { EtcdAddress, StoreAddress } from '../config/farm-config.ts';
import type { MemberReport } from '../control/store/etcd/examine-cluster.ts';
import type { EtcdStoreOptions } from '../control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../control/store/run-store.ts';
import { moveOutOfSqlite } from '../control/store/sqlite/move-out.ts';
import { openEmptyStore, openSqliteStore } from '../control/store/sqlite/open-sqlite-store.ts';
import type { Clock } from '../core/clock.ts';
import { makeFolders } from '../publish/files/make-folders.ts';

// What speaks to etcd, with Node's HTTP beneath it, is a quarter of the time that a short command takes: it is loaded where
// the store is one.
const loadEtcd = () => import('../control/store/etcd/open-etcd-store.ts');

/** The adapter for an address. With `adopt` a file that was moved here from another machine is taken over. */
export async function openStoreAt(
  store: StoreAddress,
  clock: Clock,
  options: { readonly adopt?: boolean } = {},
): Promise<RunStore> {
  if (store.kind === 'sqlite') {
    await makeFolders(dirname(store.file));
    return openSqliteStore({ file: store.file, clock, ...options });
  }
  const { openEtcdStore } = await loadEtcd();
  return openEtcdStore({ ...etcdOptions(store), prefix: store.prefix, clock });
}

/** Whether there is a store; one in etcd is there as soon as etcd is. */
export function storeIsThere(store: StoreAddress): boolean {
  return store.kind !== 'sqlite' || existsSync(store.file);
}

/** For those who only look: where there is no store, an empty one, of which nothing is written anywhere. */
export async function openStoreToRead(store: StoreAddress, clock: Clock): Promise<RunStore> {
  return storeIsThere(store) ? await openStoreAt(store, clock) : await openEmptyStore({ clock });
}

/** Moves everything from a SQLite store to an empty place in etcd; how many things there were. */
export async function moveStore(from: SqliteAddress, to: EtcdAddress, clock: Clock): Promise<number> {
  const { fillEtcdStore } = await loadEtcd();
  let count = 0;
  const options = etcdOptions(to);
  await moveOutOfSqlite({
    file: from.file,
    clock,
    to: describeStore(to),
    take: async (things) => {
      count = await fillEtcdStore({ ...options, prefix: to.prefix, clock }, things);
    },
  });
  return count;
}

/** What every member of the store says of itself; nothing where the store is a file. */
export async function examineStore(store: StoreAddress, clock: Clock): Promise<readonly MemberReport[]> {
  if (store.kind === 'sqlite') return [];
  const { examineCluster } = await import('../control/store/etcd/examine-cluster.ts');
  return examineCluster({ ...etcdOptions(store), clock });
}

function etcdOptions(store: EtcdAddress): Omit<EtcdStoreOptions, 'clock'> {
  return { endpoints: store.endpoints, ...etcdLogin(store) };
}
