import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { transact } from './transaction.ts';

/** Ends all leases, of pieces too: what is bound to them goes in the same transaction that raises the generation. */
export async function newGeneration(db: Connection): Promise<number> {
  return transact(db, async (tx) => {
    const generation = ((await tx.get<number>(keys.generation)) ?? 1) + 1;
    tx.put(keys.generation, generation);
    tx.deletePrefix(keys.leases);
    tx.deletePrefix(keys.slots);
    return generation;
  });
}

export async function readGeneration(db: Connection): Promise<number> {
  return transact(db, async (tx) => (await tx.get<number>(keys.generation)) ?? 1);
}
