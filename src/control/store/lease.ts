/**
 * Leases and fencing tokens (design: run control, §2). A token is `<generation>.<counter>`; the counter is stored and
 * never falls, the generation is raised after a restore or migration, so a newer holder always has a higher token.
 */

/** Who works: shown to people, never used to decide who owns a lease. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process started. */
  readonly startedAt: Date;
  /** The installed version that works. */
  readonly version?: string;
}

/** What a guarded write shows: the lease's key and the token it was granted with. */
export interface LeaseGuard {
  readonly key: string;
  readonly token: string;
}

/** A lease as others see it. */
export interface LeaseView extends LeaseGuard {
  readonly holder: Holder;
  readonly sinceAt: Date;
  readonly renewedAt: Date;
  readonly leaseMs: number;
  /** Below zero when it has expired. */
  readonly expiresInMs: number;
  /** Since its holder renewed it; a holder renews every third of a lease. */
  readonly sinceRenewalMs: number;
  readonly alive: boolean;
}

export const defaultLeaseMs = 30_000;

export function runLeaseKey(runId: string): string {
  return `run/${runId}`;
}

export function subjectLeaseKey(job: string, subject: string): string {
  return `subject/${job}/${subject}`;
}

/** Links of a subject's publication change only under this lease. */
export function publishLeaseKey(job: string, subject: string): string {
  return `publish/${job}/${subject}`;
}

/** Below zero, zero or above, as for sort(); tokens of one key only. */
export function compareTokens(a: string, b: string): number {
  const [generationA, counterA] = tokenParts(a);
  const [generationB, counterB] = tokenParts(b);
  return generationA === generationB ? counterA - counterB : generationA - generationB;
}

export function formatToken(generation: number, counter: number): string {
  return `${generation}.${counter}`;
}

function tokenParts(token: string): [number, number] {
  const match = /^(\d+)\.(\d+)$/.exec(token);
  if (match === null) throw new TypeError(`"${token}" is no token`);
  return [Number(match[1]), Number(match[2])];
}
