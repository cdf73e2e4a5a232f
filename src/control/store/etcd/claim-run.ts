import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import { describeHolder, describeWait } from '../../describe-wait.ts';
import { type Holder, type LeaseGuard, type LeaseView, runLeaseKey, subjectLeaseKey } from '../lease.ts';
import type { ClaimedRun, ClaimNext, ClaimOne } from '../run-store.ts';
import type { WaitReason } from '../run-view.ts';
import { byDue, type FenceRecord, openDates, type RunRecord, toHolderRecord } from '../stored-records.ts';
import { changeRun, requireRun, requireSubject } from './change-run.ts';
import type { Connection } from './connection.ts';
import {
  findWaitReasons,
  loadForClaim,
  oldestToResume,
  readSurroundings,
  type Surroundings,
} from './find-wait-reasons.ts';
import { type LeasedAction, nextToken, putLease, SpareLease, transactOn } from './grant-lease.ts';
import { keys } from './keys.ts';
import { guardedRun, guardLease } from './ownership.ts';
import { stopExpiredRuns } from './sweep-runs.ts';
import { type KnownLists, type Transaction, transact } from './transaction.ts';
import { toRunView, toRunViews } from './views.ts';

interface Granting extends ClaimOne {
  readonly around: Surroundings;
}

export async function claimRun(db: Connection, p: ClaimOne): Promise<ClaimedRun> {
  await stopExpiredRuns(db);
  await using spare = new SpareLease(db, p.leaseMs);
  const claimed = await tryToClaim(db, p, spare);
  if ('run' in claimed) return claimed;
  const reasons = 'reasons' in claimed ? claimed.reasons : [];
  const [first] = reasons;
  const facts = { run: p.id, reasons };
  if (first?.kind === 'lease' || first?.kind === 'other-date') {
    throw new RotaError(
      'RUN_BUSY',
      `${first.run} is being worked on by ${describeHolder(first.holder)}: wait for it or see \`rota status\``,
      { facts },
    );
  }
  if (first?.kind === 'subject') {
    throw new RotaError('RUN_BUSY', `The run ${p.id} cannot start yet: ${describeWait(first)}; wait for it`, {
      facts,
    });
  }
  const waitsFor = reasons.map(describeWait).join('; ');
  if (first?.kind === 'ended') {
    throw new RotaError('RUN_STATE', `The run ${p.id} cannot be taken up: ${waitsFor}`, { facts });
  }
  throw new RotaError('RUN_WAITS', `The run ${p.id} cannot start yet: ${waitsFor}`, { facts });
}

/** Same token, other process: the claimer's child goes on under the lease that is already there. */
export async function adoptRun(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly holder: Holder },
): Promise<ClaimedRun> {
  const { run, leaseMs } = await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    const run = await requireRun(tx, guardedRun(p.guard));
    const fences = [p.guard.key, subjectLeaseKey(run.job, run.subject)].map((key) => keys.fence(key));
    // With the lease behind the token, which is compared from now on.
    await tx.load([...fences, keys.lease(p.guard.key)]);
    const holder = toHolderRecord(p.holder);
    for (const key of fences) {
      const fence = tx.have<FenceRecord>(key);
      if (fence?.token === p.guard.token) tx.put(key, { ...fence, holder } satisfies FenceRecord);
    }
    const adopted: RunRecord = { ...run, holder };
    tx.put(keys.run(run.id), adopted);
    return { run: adopted, leaseMs: tx.have<FenceRecord>(keys.fence(p.guard.key))?.leaseMs ?? 0 };
  });
  const [view] = await toRunViews(db, [run]);
  return { run: view ?? toRunView(run), guard: p.guard, leaseMs };
}

interface Refused {
  readonly reasons: readonly WaitReason[];
}

/** Another was faster; only told to those who can take another run. */
interface Lost {
  readonly isLost: true;
}

type Outcome = Refused | Lost | { readonly run: RunRecord; readonly guard: LeaseGuard };

/** With what a look saw there is one attempt, from there; without, as many as it takes. */
export async function tryToClaim(
  db: Connection,
  p: ClaimOne,
  spare: SpareLease,
  known?: KnownLists,
): Promise<ClaimedRun | Refused | Lost> {
  let attempts = 0;
  const claim: LeasedAction<Outcome> = async (tx, lease) => {
    if (attempts++ > 0 && known !== undefined) return { isLost: true };
    spare.prepare();
    const run = await loadForClaim(tx, p.id);
    const around = await readSurroundings(tx);
    const reasons = await findWaitReasons(tx, run, p, around);
    if (reasons.length > 0) return { reasons };
    tx.nothingNewIn(keys.pauses);
    await skipTooOld(tx, run, p);
    return grantRun(tx, run, { ...p, around }, await lease());
  };
  const outcome = await transactOn(db, spare, claim, known);
  if (!('run' in outcome)) return outcome;
  const { run, guard } = outcome;
  const sinceRenewalMs = spare.ageMs;
  const lease: LeaseView = {
    ...guard,
    holder: p.holder,
    sinceAt: new Date(run.updatedAt),
    renewedAt: new Date(db.nowMs - sinceRenewalMs),
    leaseMs: p.leaseMs,
    expiresInMs: p.leaseMs - sinceRenewalMs,
    sinceRenewalMs,
    alive: true,
  };
  return { run: toRunView(run, lease), guard, leaseMs: p.leaseMs };
}

async function grantRun(
  tx: Transaction,
  run: RunRecord,
  p: Granting,
  lease: string,
): Promise<{ readonly run: RunRecord; readonly guard: LeaseGuard }> {
  const subjectKey = subjectLeaseKey(run.job, run.subject);
  const runKey = runLeaseKey(run.id);
  // One counter for all dates of a subject: a target that remembers a token can compare any two runs of it.
  const { token, counter } = nextToken(tx, subjectKey);
  const grant = { token, counter, holder: p.holder, leaseMs: p.leaseMs, lease };
  putLease(tx, { ...grant, key: subjectKey });
  putLease(tx, { ...grant, key: runKey });
  await takeSlots(tx, run, p, lease);
  const claimed = await changeRun(
    tx,
    run,
    'running',
    { holder: p.holder, token },
    { holder: toHolderRecord(p.holder), startedAt: run.startedAt ?? tx.nowMs },
  );
  return { run: claimed, guard: { key: runKey, token } };
}

/**
 * A slot with a limit has so many places, each a key that only one can create; which of the free ones is left to
 * chance, so that several workers seldom want the same.
 */
async function takeSlots(tx: Transaction, run: RunRecord, p: Granting, lease: string): Promise<void> {
  for (const slot of run.slots) {
    const limit = p.slotLimits[slot];
    const taken = new Set((p.around.slots.get(slot) ?? []).map((holder) => holder.place));
    const free = Array.from({ length: limit ?? 0 }, (_, i) => String(i)).filter((place) => !taken.has(place));
    const place =
      limit === undefined ? `-${encodeURIComponent(run.id)}` : free[Math.floor(Math.random() * free.length)];
    if (place === undefined)
      throw new RotaError('INTERNAL', `No place is free in slot ${slot} though fewer hold it`);
    const key = keys.slot(slot, place);
    tx.seeMissing(keys.slots, key);
    await tx.load([key]);
    tx.put(key, run.id, lease);
  }
}

/** A date that is claimed pushes aside the older ones that are too old to be taken up. */
async function skipTooOld(tx: Transaction, run: RunRecord, p: ClaimOne): Promise<void> {
  const subject = await requireSubject(tx, run);
  for (const date of openDates(subject)) {
    if (date.state === 'running' || byDue(date, run) >= 0 || date.dueAt >= oldestToResume(tx, run, p))
      continue;
    const older = await requireRun(tx, date.id);
    await changeRun(tx, older, 'skipped', {
      holder: p.holder,
      reason: `too old to be taken up beside ${run.id}`,
    });
  }
}

export async function skipRun(db: Connection, id: RunId, p: ClaimNext, reason: string): Promise<void> {
  await transact(db, async (tx) => {
    const run = await tx.get<RunRecord>(keys.run(id));
    if (run === undefined) return;
    const newer = openDates(await requireSubject(tx, run)).some((date) => byDue(date, run) > 0);
    const isOpenStill = openDates(await requireSubject(tx, run)).some(
      (date) => date.id === id && date.state !== 'running',
    );
    if (newer && isOpenStill) await changeRun(tx, run, 'skipped', { holder: p.holder, reason });
  });
}
