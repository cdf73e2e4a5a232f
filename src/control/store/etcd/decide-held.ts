import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import type { LeaseGuard } from '../lease.ts';
import { refuseDecision } from '../refuse-change.ts';
import { byHand, type RunDetails, wholeRun } from '../run-view.ts';
import type { RunRecord } from '../stored-records.ts';
import { changeRun, putRun, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { guardedRun, guardLease } from './ownership.ts';
import { readRun } from './read-run.ts';
import { transact } from './transaction.ts';

/** A set that was approved stays so: what was decided about it is not asked again in this epoch. */
export async function holdSet(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly set: string; readonly reason: string },
): Promise<void> {
  await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    const run = await requireRun(tx, guardedRun(p.guard));
    const present = run.sets.find((set) => set.set === p.set);
    if (present !== undefined && present.state !== 'held') return;
    const held = { set: p.set, state: 'held', reason: p.reason, at: present?.at ?? tx.nowMs } as const;
    putRun(tx, run, { ...run, sets: [...run.sets.filter((set) => set !== present), held] });
  });
}

export async function decideHeld(
  db: Connection,
  p: {
    readonly id: RunId;
    readonly decision: 'approved' | 'rejected';
    readonly sets?: readonly string[];
    readonly by: string;
  },
): Promise<RunDetails> {
  await transact(db, async (tx) => {
    const run = await requireRun(tx, p.id);
    refuseDecision(run);
    const heldSets = run.sets.filter((set) => set.state === 'held').map((set) => set.set);
    const chosen = p.sets ?? heldSets;
    const unknown = chosen.find((set) => !heldSets.includes(set));
    if (unknown !== undefined) {
      throw new RotaError(
        'RUN_STATE',
        `The set ${unknown} of ${run.id} is not held; held are: ${heldSets.sort().join(', ')}`,
        { facts: { run: run.id, set: unknown } },
      );
    }
    const sets = run.sets.map((set) =>
      chosen.includes(set.set) ? { ...set, state: p.decision, by: p.by, at: tx.nowMs } : set,
    );
    const decided: RunRecord = { ...run, sets };
    if (!heldSets.every((set) => chosen.includes(set))) {
      putRun(tx, run, decided);
    } else if (
      p.decision === 'rejected' &&
      (p.sets === undefined || chosen.includes(wholeRun) || chosen.includes(byHand))
    ) {
      await changeRun(tx, decided, 'failed', {
        reason: `rejected by ${p.by}`,
        error: {
          code: 'RUN_REJECTED',
          message: `${run.id} was rejected by ${p.by}; it was held: ${run.reason ?? ''}`,
        },
      });
    } else {
      await changeRun(tx, decided, 'waiting', { reason: `${p.decision} by ${p.by}` });
    }
  });
  const details = await readRun(db, p.id);
  if (details === undefined) throw new RotaError('RUN_UNKNOWN', `There is no run ${p.id}`);
  return details;
}
