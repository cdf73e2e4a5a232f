import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunStore } from '../run-store.ts';
import type { StoredThing } from '../stored-state.ts';
import { type EtcdLeases, etcdLeases } from './client/leases.ts';
import { Transport, type TransportOptions } from './client/transport.ts';
import { Connection } from './connection.ts';
import { EtcdRunStore } from './etcd-run-store.ts';
import { importState } from './import-state.ts';
import { keys } from './keys.ts';
import { transact } from './transaction.ts';

/** The keys' layout; another one is another number. */
const format = 1;

export interface EtcdStoreOptions extends TransportOptions {
  /** Below it lies everything; several farms may share a cluster. Default `/rota/`. */
  readonly prefix?: string;
  /** For tests, whose clock is moved by hand. */
  readonly leases?: (leases: EtcdLeases) => EtcdLeases;
}

/**
 * Opens (and if needed begins) the run store in an etcd cluster, which all hosts share.
 * Errors: STORE_UNAVAILABLE, STORE_REFUSED, STORE_FULL, STORE_NEWER, STORE_UNREADABLE.
 */
export async function openEtcdStore(options: EtcdStoreOptions): Promise<RunStore> {
  const db = connect(options);
  try {
    await transact(db, async (tx) => {
      await tx.load([keys.format, keys.importing]);
      if (tx.have(keys.importing) !== undefined) {
        throw new RotaError(
          'STORE_BUSY',
          `A run store is being moved to ${db.prefix} in etcd, or that was broken off: wait for it, or repeat \`rota store migrate\``,
        );
      }
      const present = tx.have<number>(keys.format);
      if (present === undefined) tx.put(keys.format, format);
      else if (present !== format) {
        throw new RotaError(
          'STORE_NEWER',
          `The run store under ${db.prefix} in etcd has format ${present}, this version of Rota knows ${format}: install the version that wrote it here too`,
        );
      }
    });
  } catch (error) {
    await db[Symbol.asyncDispose]();
    throw error;
  }
  return new EtcdRunStore(db);
}

/** Moves the state of another store to an empty place in etcd; how many things there were. STORE_IN_USE otherwise. */
export async function fillEtcdStore(
  options: EtcdStoreOptions,
  things: Iterable<StoredThing>,
): Promise<number> {
  await using db = connect(options);
  return await importState(db, things);
}

function connect(options: EtcdStoreOptions): Connection {
  const transport = new Transport(options);
  const leases = etcdLeases(transport);
  return new Connection({
    transport,
    leases: options.leases?.(leases) ?? leases,
    clock: options.clock,
    prefix: options.prefix ?? '/rota/',
  });
}
