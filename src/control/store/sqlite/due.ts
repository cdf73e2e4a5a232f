import type { Connection } from './connection.ts';
import { toDate } from './rows.ts';

export function readDue(db: Connection, key: string): Date | undefined {
  return toDate(db.one<{ at: number }>('SELECT at FROM due WHERE key = ?', key)?.at ?? null);
}

export function moveDue(
  db: Connection,
  p: { readonly key: string; readonly from: Date | undefined; readonly to: Date },
): boolean {
  return db.write(() => {
    if (readDue(db, p.key)?.getTime() !== p.from?.getTime()) return false;
    db.run(
      'INSERT INTO due (key, at) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET at = excluded.at',
      p.key,
      p.to.getTime(),
    );
    return true;
  });
}
