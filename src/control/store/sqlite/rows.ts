import type { JobName, RunId, Subject } from '../../../core/ids.ts';
import type { RunState } from '../../../core/run-state.ts';
import type { LeaseView } from '../lease.ts';
import type { Failure, Request, RunView } from '../run-view.ts';
import type { Connection } from './connection.ts';
import { fromJson, holderFromJson } from './json.ts';

export interface RunRow {
  readonly id: RunId;
  readonly job: JobName;
  readonly subject: Subject;
  readonly date: string;
  readonly epoch: number;
  readonly state: RunState;
  readonly open: 0 | 1;
  readonly reason: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly retry_at: number | null;
  readonly held_until: number | null;
  readonly tries: number;
  readonly stops: number;
  readonly request: Request | null;
  /** With `hold`, why and by whom. */
  readonly request_reason: string | null;
  readonly paused_by: string | null;
  readonly parameters: string | null;
  readonly progress: string | null;
  readonly holder: string | null;
  readonly due_at: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly slots: string;
  readonly needs: string;
}

export interface LeaseRow {
  readonly key: string;
  readonly counter: number;
  readonly token: string;
  readonly holder: string;
  readonly boot_id: string;
  readonly expires_mono: number;
  readonly renewed_mono: number;
  readonly renewed_at: number;
  readonly since_at: number;
  readonly lease_ms: number;
}

export function toDate(ms: number | null): Date | undefined {
  return ms === null ? undefined : new Date(ms);
}

export function toFailure(code: string | null, message: string | null): Failure | undefined {
  return code === null ? undefined : { code, message: message ?? '' };
}

/** Leaves out what is undefined, as `exactOptionalPropertyTypes` wants it. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const result: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) result[key] = value[key];
  return result as never;
}

export function toLeaseView(db: Connection, row: LeaseRow): LeaseView {
  const sameBoot = row.boot_id === db.bootId;
  const expiresInMs = sameBoot ? row.expires_mono - db.monotonicMs : -1;
  return {
    key: row.key,
    token: row.token,
    holder: holderFromJson(row.holder),
    sinceAt: new Date(row.since_at),
    renewedAt: new Date(row.renewed_at),
    leaseMs: row.lease_ms,
    expiresInMs,
    sinceRenewalMs: sameBoot ? db.monotonicMs - row.renewed_mono : row.lease_ms,
    alive: expiresInMs > 0,
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One assignment a field: of a list of 10,000 this is most of the time. */
export function toRunView(db: Connection, row: RunRow): RunView {
  const view: Mutable<RunView> = {
    id: row.id,
    job: row.job,
    subject: row.subject,
    date: row.date,
    epoch: row.epoch,
    state: row.state,
    tries: row.tries,
    stops: row.stops,
    parameters: fromJson(row.parameters),
    needs: toNames(row.needs),
    slots: toNames(row.slots),
    dueAt: new Date(row.due_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
  if (row.reason !== null) view.reason = row.reason;
  if (row.error_code !== null) view.error = { code: row.error_code, message: row.error_message ?? '' };
  if (row.retry_at !== null) view.retryAt = new Date(row.retry_at);
  // While it runs this is when it will fail once it is held.
  if (row.held_until !== null && row.state === 'held') view.heldUntil = new Date(row.held_until);
  if (row.request !== null) view.request = row.request;
  if (row.progress !== null) view.progress = toProgress(row.progress);
  if (row.holder !== null) view.holder = holderFromJson(row.holder);
  const lease = row.state === 'running' ? findLease(db, `run/${row.id}`) : undefined;
  if (lease !== undefined) view.lease = lease;
  if (row.started_at !== null) view.startedAt = new Date(row.started_at);
  if (row.ended_at !== null) view.endedAt = new Date(row.ended_at);
  return view;
}

const none: readonly never[] = Object.freeze([]);
/** What was read last: most runs of a list need the same slots. */
let last: { readonly text: string; readonly names: readonly string[] } = { text: '[]', names: none };

function toNames<T extends string>(text: string): readonly T[] {
  if (text === '[]') return none;
  if (text !== last.text) last = { text, names: Object.freeze(JSON.parse(text)) };
  return last.names as readonly T[];
}

function toProgress(json: string): NonNullable<RunView['progress']> {
  const progress = fromJson(json) as Omit<NonNullable<RunView['progress']>, 'at'> & { readonly at: number };
  return { ...progress, at: new Date(progress.at) };
}

export function findLease(db: Connection, key: string): LeaseView | undefined {
  const row = db.one<LeaseRow>('SELECT * FROM leases WHERE key = ? AND token IS NOT NULL', key);
  return row === undefined ? undefined : toLeaseView(db, row);
}
