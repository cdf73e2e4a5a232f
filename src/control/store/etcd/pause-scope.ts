import type { RunId } from '../../../core/ids.ts';
import type { RunRequest } from '../run-store.ts';
import type { PauseScope } from '../run-view.ts';
import type { PauseRecord } from '../stored-records.ts';
import { changeRun, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { pauseScopes, pausesOf } from './find-wait-reasons.ts';
import { keys, runOfKey } from './keys.ts';
import { transact } from './transaction.ts';
import { defined, parseEntry, toDate } from './views.ts';

export async function pauseScope(
  db: Connection,
  p: { readonly scope: PauseScope; readonly by: string },
): Promise<void> {
  await transact(db, async (tx) => {
    const key = keys.pause(p.scope);
    if ((await tx.get(key)) !== undefined) return;
    tx.put(key, { scope: p.scope, at: tx.nowMs, by: p.by } satisfies PauseRecord);
  });
}

/** Runs that had stopped because of this scope wait for a worker again; each in its own transaction, repeatable. */
export async function resumeScope(
  db: Connection,
  p: { readonly scope: PauseScope; readonly by: string },
): Promise<readonly RunId[]> {
  await transact(db, async (tx) => tx.delete(keys.pause(p.scope)));
  const { entries } = await db.read([{ prefix: keys.state('paused'), keysOnly: true }]);
  const resumed: RunId[] = [];
  for (const id of (entries[0] ?? []).map((entry) => runOfKey(entry.key))) {
    const isResumed = await transact(db, async (tx) => {
      const run = await requireRun(tx, id);
      if (run.state !== 'paused' || run.pausedBy !== p.scope) return false;
      await changeRun(tx, run, 'waiting', { reason: `resumed by ${p.by}` });
      return true;
    });
    if (isResumed) resumed.push(id);
  }
  return resumed;
}

export async function listPauses(
  db: Connection,
): Promise<readonly { readonly scope: PauseScope; readonly at: Date; readonly by: string }[]> {
  const { entries } = await db.read([{ prefix: keys.pauses }]);
  return (entries[0] ?? [])
    .flatMap((entry) => parseEntry<PauseRecord>(entry) ?? [])
    .map((pause) => ({ scope: pause.scope as PauseScope, at: new Date(pause.at), by: pause.by }))
    .sort((a, b) => (a.scope < b.scope ? -1 : 1));
}

export async function readRequest(db: Connection, id: RunId): Promise<RunRequest | undefined> {
  return transact(db, async (tx) => {
    const run = await requireRun(tx, id);
    if (run.request !== undefined) {
      const { request, requestReason: reason, heldUntil } = run;
      const why = request === 'hold' ? defined({ reason, heldUntil: toDate(heldUntil) }) : {};
      return { request, scope: `run/${id}`, ...why };
    }
    const [scope] = pausesOf(pauseScopes(await tx.list(keys.pauses)), run);
    return scope === undefined ? undefined : { request: 'pause', scope };
  });
}

export async function setExit(
  db: Connection,
  p: { readonly exit: boolean; readonly by: string },
): Promise<void> {
  await transact(db, async (tx) => {
    if (p.exit) tx.put(keys.exit, p.by);
    else tx.delete(keys.exit);
  });
}

export async function readExit(db: Connection): Promise<boolean> {
  return transact(db, async (tx) => (await tx.get(keys.exit)) !== undefined);
}
