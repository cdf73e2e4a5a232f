import type { Connection } from './connection.ts';
import { toDate } from './rows.ts';

export function readDue(db: Connection, key: string): Date | undefined {
  return toDate(db.one<{ at: number }>('SELECT at FROM due WHERE key = ?', key)?.at ?? null);
}

export function advanceDue(db: Connection, p: { readonly key: string; readonly to: Date }): void {
  db.write(() => {
    db.run(
      'INSERT INTO due (key, at) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET at = max(at, excluded.at)',
      p.key,
      p.to.getTime(),
    );
  });
}
