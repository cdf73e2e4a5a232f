import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { transact } from './transaction.ts';
import { toDate } from './views.ts';

export async function readDue(db: Connection, key: string): Promise<Date | undefined> {
  return transact(db, async (tx) => toDate(await tx.get<number>(keys.due(key))));
}

export async function moveDue(
  db: Connection,
  p: { readonly key: string; readonly from: Date | undefined; readonly to: Date },
): Promise<boolean> {
  return transact(db, async (tx) => {
    if ((await tx.get<number>(keys.due(p.key))) !== p.from?.getTime()) return false;
    tx.put(keys.due(p.key), p.to.getTime());
    return true;
  });
}
