import { parseRunId } from '../../../core/ids.ts';
import { isFinished } from '../../../core/run-state.ts';
import { type LeaseGuard, subjectLeaseKey } from '../lease.ts';
import { isOutweighed } from '../outweighed-endings.ts';
import type { RunEnding } from '../run-store.ts';
import type { RunView } from '../run-view.ts';
import { byDue, type RunRecord } from '../stored-records.ts';
import { changeRun, requireRun, requireSubject } from './change-run.ts';
import type { Connection } from './connection.ts';
import { heed } from './heed-request.ts';
import { keys } from './keys.ts';
import { guardedRun, guardLease } from './ownership.ts';
import { endRunLeases, stopRun } from './sweep-runs.ts';
import { type Transaction, transact } from './transaction.ts';
import { toRunView } from './views.ts';

export async function endRun(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly ending: RunEnding },
): Promise<RunView> {
  const ended = await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    const id = guardedRun(p.guard);
    const { job, subject } = parseRunId(id);
    // All that an end may touch, in one request.
    await tx.load(
      [
        keys.run(id),
        keys.subject(job, subject),
        keys.fence(p.guard.key),
        keys.fence(subjectLeaseKey(job, subject)),
      ],
      [keys.stagesOf(id), keys.slots],
    );
    const run = await requireRun(tx, id);
    const { ending } = p;
    if (ending.state === 'stopped') return stopRun(tx, run, p.guard.token);
    const isTry = ending.state === 'failed' || ending.state === 'retrying';
    const cause = { holder: run.holder, token: p.guard.token };
    const also = { tries: run.tries + (isTry ? 1 : 0) };
    const changed = isOutweighed(run.request, ending.state)
      ? await heed(tx, run, { ...cause, reason: run.requestReason ?? ending.reason }, also)
      : await changeRun(tx, run, ending.state, { ...ending, ...cause }, also);
    await endRunLeases(tx, run, p.guard.token);
    if (isFinished(ending.state)) await supersedeHeld(tx, run);
    return changed;
  });
  return toRunView(ended);
}

/** Older dates that wait for approval are of no use once a newer one is published. */
async function supersedeHeld(tx: Transaction, newer: RunRecord): Promise<void> {
  const { dates } = await requireSubject(tx, newer);
  for (const date of dates) {
    if (date.state !== 'held' || byDue(date, newer) >= 0) continue;
    const held = await requireRun(tx, date.id);
    await changeRun(tx, held, 'skipped', { reason: `superseded by ${newer.id}` });
  }
}
