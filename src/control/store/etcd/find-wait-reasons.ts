import type { RunId } from '../../../core/ids.ts';
import { isFinished, isOpen } from '../../../core/run-state.ts';
import { runLeaseKey, subjectLeaseKey } from '../lease.ts';
import type { ClaimRules } from '../run-store.ts';
import type { PauseScope, WaitReason } from '../run-view.ts';
import {
  byDue,
  type FenceRecord,
  fromHolderRecord,
  type PauseRecord,
  type RunRecord,
} from '../stored-records.ts';
import { requireRun, requireSubject } from './change-run.ts';
import type { Connection, Entry } from './connection.ts';
import { keysOfGrant } from './grant-lease.ts';
import { keys } from './keys.ts';
import { type Transaction, transact } from './transaction.ts';
import { defined, parseEntry, toDate } from './views.ts';

/** What a claim looks at besides runs: read once for all candidates. */
export interface Surroundings {
  readonly pauses: readonly PauseScope[];
  /** Which runs occupy which slots. */
  readonly slots: ReadonlyMap<string, readonly SlotHolder[]>;
}

export interface SlotHolder {
  readonly run: RunId;
  readonly place: string;
}

export async function readSurroundings(tx: Transaction): Promise<Surroundings> {
  await tx.load([], [keys.pauses, keys.slots]);
  return {
    pauses: pauseScopes(await tx.list(keys.pauses)),
    slots: slotHolders(await tx.list(keys.slots)),
  };
}

export function pauseScopes(entries: readonly Entry[]): readonly PauseScope[] {
  return entries.flatMap((entry) => parseEntry<PauseRecord>(entry)?.scope ?? []).sort() as PauseScope[];
}

/** Keys of slots are bound to the leases of the runs that occupy them, so what is there is alive. */
export function slotHolders(entries: readonly Entry[]): ReadonlyMap<string, readonly SlotHolder[]> {
  const holders = new Map<string, SlotHolder[]>();
  for (const entry of entries) {
    const [, slot = '', place = ''] = entry.key.split('/');
    const name = decodeURIComponent(slot);
    const run = parseEntry<RunId>(entry);
    if (run !== undefined) holders.set(name, [...(holders.get(name) ?? []), { run, place }]);
  }
  return holders;
}

/** Everything that findWaitReasons and a grant need, in one request, or two when the run needs others. */
export async function loadForClaim(tx: Transaction, id: RunId): Promise<RunRecord> {
  const [job = '', subject = ''] = id.split('/');
  tx.seeMissing(keys.runLeases, keys.lease(runLeaseKey(id)));
  tx.seeMissing(keys.subjectLeases, keys.lease(subjectLeaseKey(job, subject)));
  await tx.load(
    [
      keys.run(id),
      keys.subject(job, subject),
      ...keysOfGrant(subjectLeaseKey(job, subject)),
      ...keysOfGrant(runLeaseKey(id)),
    ],
    [keys.pauses, keys.slots],
  );
  const run = await requireRun(tx, id);
  await tx.load(run.needs.map((need) => keys.run(need)));
  return run;
}

/** All that keeps a run from being claimed; empty when it can be. The run is loaded (loadForClaim). */
export async function findWaitReasons(
  tx: Transaction,
  run: RunRecord,
  rules: ClaimRules,
  around: Surroundings,
): Promise<readonly WaitReason[]> {
  const reasons: WaitReason[] = [];
  if (!isOpen(run.state)) {
    reasons.push(stateReason(run));
    if (run.state !== 'paused') return reasons;
  }
  const runKey = runLeaseKey(run.id);
  const holder = holderOf(tx, runKey);
  if (holder !== undefined) {
    const lease = tx.leaseOf(keys.lease(runKey));
    const left = lease === undefined ? undefined : await tx.db.leases.timeLeft(lease);
    return [{ kind: 'lease', run: run.id, holder: fromHolderRecord(holder), expiresInMs: left?.leftMs ?? 0 }];
  }
  if (run.retryAt !== undefined && run.retryAt > tx.nowMs) {
    reasons.push({ kind: 'retry', at: new Date(run.retryAt), ...defined({ error: run.error }) });
  }
  for (const scope of pausesOf(around.pauses, run)) {
    if (!reasons.some((reason) => reason.kind === 'paused' && reason.scope === scope)) {
      reasons.push({ kind: 'paused', scope });
    }
  }
  const subject = await requireSubject(tx, run);
  const subjectKey = subjectLeaseKey(run.job, run.subject);
  const subjectHolder = holderOf(tx, subjectKey);
  const other = subject.dates.find((date) => date.state === 'running' && date.id !== run.id);
  if (subjectHolder !== undefined) {
    const holder = fromHolderRecord(subjectHolder);
    reasons.push(
      other === undefined
        ? { kind: 'subject', lease: subjectKey, holder }
        : { kind: 'other-date', run: other.id, holder },
    );
  }
  for (const need of run.needs) {
    const state = tx.have<RunRecord>(keys.run(need))?.state;
    if (state === undefined || !isFinished(state))
      reasons.push({ kind: 'need-run', run: need, ...defined({ state }) });
  }
  // Unfinished older dates that are young enough to go first; the others do not count (a claim skips them).
  for (const date of subject.dates) {
    if (!isOpen(date.state) || byDue(date, run) >= 0 || date.dueAt < oldestToResume(tx, run, rules)) continue;
    reasons.push({
      kind: 'older-date',
      run: date.id,
      state: date.state,
      ...defined({ retryAt: toDate(date.retryAt) }),
    });
  }
  for (const slot of run.slots) {
    const limit = rules.slotLimits[slot];
    const holders = (around.slots.get(slot) ?? []).map((place) => place.run).sort();
    if (limit !== undefined && holders.length >= limit) reasons.push({ kind: 'slot', slot, limit, holders });
  }
  return reasons;
}

export async function waitReasons(
  db: Connection,
  p: ClaimRules & { readonly id: RunId },
): Promise<readonly WaitReason[]> {
  return transact(db, async (tx) => {
    const run = await loadForClaim(tx, p.id);
    return findWaitReasons(tx, run, p, await readSurroundings(tx));
  });
}

/** The scopes in which the run is paused now. */
export function pausesOf(
  pauses: readonly PauseScope[],
  run: Pick<RunRecord, 'id' | 'job' | 'subject'>,
): readonly PauseScope[] {
  const scopes = ['all', 'maintenance', `job/${run.job}`, `subject/${run.subject}`, `run/${run.id}`];
  return pauses.filter((scope) => scopes.includes(scope));
}

/** Unfinished dates that were due before this are skipped when a newer one is there. */
export function oldestToResume(tx: Transaction, run: Pick<RunRecord, 'job'>, rules: ClaimRules): number {
  const resumeWithinMs = rules.resumeWithinMs[run.job];
  return resumeWithinMs === undefined ? 0 : tx.nowMs - resumeWithinMs;
}

/** Who holds a lease that is alive; its key and fence are loaded. */
export function holderOf(tx: Transaction, leaseKey: string): FenceRecord['holder'] {
  const token = tx.have<string>(keys.lease(leaseKey));
  const fence = tx.have<FenceRecord>(keys.fence(leaseKey));
  return token !== undefined && fence?.token === token ? fence.holder : undefined;
}

function stateReason(run: RunRecord): WaitReason {
  if (run.state === 'paused')
    return { kind: 'paused', scope: (run.pausedBy ?? `run/${run.id}`) as PauseScope };
  if (run.state === 'held') {
    const sets = run.sets.filter((set) => set.state === 'held').map((set) => set.set);
    return { kind: 'held', reason: run.reason ?? '', sets: sets.sort() };
  }
  return { kind: 'ended', state: run.state, ...defined({ error: run.error, reason: run.reason }) };
}
