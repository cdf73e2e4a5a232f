import type { RunId } from '../../../core/ids.ts';
import { isEnded, isFinished } from '../../../core/run-state.ts';
import { runLeaseKey } from '../lease.ts';
import type { RunRecord } from '../stored-records.ts';
import { putSubject, requireSubject } from './change-run.ts';
import type { Connection } from './connection.ts';
import { keys, runOfKey } from './keys.ts';
import { transact } from './transaction.ts';

const pageLength = 256;

/** Each run goes in a transaction of its own. */
export async function pruneRuns(
  db: Connection,
  p: { readonly endedBefore: Date; readonly limit: number },
): Promise<readonly RunId[]> {
  const needed = await neededRuns(db);
  const pruned: RunId[] = [];
  for (let after: string | undefined; pruned.length < p.limit; ) {
    const { entries } = await db.read([
      {
        prefix: keys.endedRuns,
        before: keys.endedBefore(p.endedBefore.getTime()),
        limit: pageLength,
        keysOnly: true,
        ...(after === undefined ? {} : { after }),
      },
    ]);
    const page = entries[0] ?? [];
    for (const id of page.map((entry) => runOfKey(entry.key))) {
      if (pruned.length >= p.limit) break;
      if (!needed.has(id) && (await pruneRun(db, id, p.endedBefore))) pruned.push(id);
    }
    after = page.at(-1)?.key;
    if (page.length < pageLength) break;
  }
  return pruned;
}

/** What runs that have not ended need. Only open ones start again by themselves; those that wait for people are few. */
async function neededRuns(db: Connection): Promise<ReadonlySet<RunId>> {
  const needed = new Set<RunId>();
  for (const state of ['waiting', 'running', 'retrying', 'stopped', 'paused', 'held'] as const) {
    for (let after: string | undefined; ; ) {
      const { entries } = await db.read([
        { prefix: keys.state(state), limit: 100, keysOnly: true, ...(after === undefined ? {} : { after }) },
      ]);
      const page = entries[0] ?? [];
      const runs = await db.read(page.map((entry) => ({ key: keys.run(runOfKey(entry.key)) })));
      for (const [entry] of runs.entries) {
        const run: RunRecord | undefined = entry === undefined ? undefined : JSON.parse(entry.value);
        for (const need of run?.needs ?? []) needed.add(need);
      }
      after = page.at(-1)?.key;
      if (page.length < 100) break;
    }
  }
  return needed;
}

async function pruneRun(db: Connection, id: RunId, endedBefore: Date): Promise<boolean> {
  return transact(db, async (tx) => {
    const run = await tx.get<RunRecord>(keys.run(id));
    if (run === undefined || !isEnded(run.state) || (run.endedAt ?? 0) >= endedBefore.getTime()) return false;
    const subject = await requireSubject(tx, run);
    const newest = subject.dates.at(-1)?.id;
    const newestDone = subject.dates.findLast((date) => isFinished(date.state))?.id;
    if (id === newest || id === newestDone) return false;
    putSubject(tx, subject, { ...subject, dates: subject.dates.filter((date) => date.id !== id) });
    tx.delete(keys.run(id));
    tx.delete(keys.epoch(id));
    tx.delete(keys.inState(run.state, run.createdAt, id));
    if (run.endedAt !== undefined) tx.delete(keys.ended(run.endedAt, id));
    tx.delete(keys.fence(runLeaseKey(id)));
    for (const prefix of [
      keys.stagesOf(id),
      keys.transitionsOf(id),
      keys.cutsOf(id),
      keys.piecesOf(id),
      keys.openPiecesOf(id),
    ]) {
      tx.deletePrefix(prefix);
    }
    return true;
  });
}
