import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { startEtcd } from '../../test/support/etcd.ts';

/** A new, empty store; as JSON it goes to other processes. */
export type BenchPlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'etcd'; readonly endpoints: readonly string[]; readonly prefix: string };

export async function openBenchStore(place: BenchPlace): Promise<RunStore> {
  return place.kind === 'sqlite' ? openSqliteStore({ ...place, clock }) : openEtcdStore({ ...place, clock });
}

export interface BenchPlaces extends AsyncDisposable {
  readonly name: string;
  /** Another empty one each time. */
  next(): BenchPlace;
}

export async function sqlitePlaces(): Promise<BenchPlaces> {
  const folder = mkdtempSync(join(tmpdir(), 'rota-bench-'));
  let number = 0;
  return {
    name: 'SQLite',
    next: () => ({ kind: 'sqlite', file: join(folder, `${number++}.db`) }),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** On one disk and in one machine's memory: what the network adds is not in it. */
export async function etcdPlaces(members: 1 | 3): Promise<BenchPlaces> {
  const etcd = await startEtcd({ members });
  let number = 0;
  return {
    name: `etcd, ${members === 1 ? 'one member' : 'three members'}`,
    next: () => ({ kind: 'etcd', endpoints: etcd.endpoints, prefix: `/bench${number++}/` }),
    [Symbol.asyncDispose]: () => etcd[Symbol.asyncDispose](),
  };
}
