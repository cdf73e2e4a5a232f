import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunStore } from '../run-store.ts';
import { type EtcdLeases, etcdLeases } from './client/leases.ts';
import { Transport, type TransportOptions } from './client/transport.ts';
import { Connection } from './connection.ts';
import { EtcdRunStore } from './etcd-run-store.ts';
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
  const transport = new Transport(options);
  const leases = etcdLeases(transport);
  const db = new Connection({
    transport,
    leases: options.leases?.(leases) ?? leases,
    clock: options.clock,
    prefix: options.prefix ?? '/rota/',
  });
  try {
    await transact(db, async (tx) => {
      const present = await tx.get<number>(keys.format);
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
