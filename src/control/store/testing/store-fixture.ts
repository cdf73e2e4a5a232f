import { type JobName, jobName, type RunId, runId, subjectName } from '../../../core/ids.ts';
import type { ManualClock } from '../../../core/manual-clock.ts';
import type { Holder } from '../lease.ts';
import type { ClaimedRun, ClaimNext, RunStore } from '../run-store.ts';

/** What an adapter gives to the suite: stores on the same data, as several processes have them. */
export interface StoreFixture {
  readonly clock: ManualClock;
  /** Opens the same store once more. */
  open(): Promise<RunStore>;
  close(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreFixture>;

export const leaseMs = 30_000;
export const dump: JobName = jobName('full-dump');

export function holder(pid = 1): Holder {
  return { host: 'host1', pid, startedAt: new Date('2026-01-01T00:00:00Z'), version: '0.1.0' };
}

export function id(subject: string, date = '20260101', job: JobName = dump): RunId {
  return runId(job, subjectName(subject), date);
}

export function nextClaim(p: Partial<ClaimNext> = {}): ClaimNext {
  return { jobs: [dump], holder: holder(), leaseMs, slotLimits: {}, resumeWithinMs: {}, ...p };
}

/** Creates a run and claims it. */
export async function claimed(store: RunStore, subject = 'frwiki', date = '20260101'): Promise<ClaimedRun> {
  const run = id(subject, date);
  await store.createRun({ id: run });
  return store.claimRun({ id: run, holder: holder(), leaseMs, slotLimits: {}, resumeWithinMs: {} });
}
