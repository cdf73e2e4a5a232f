/** What a store keeps, in the shape in which it moves from one to another (and in which etcd's keys hold it): times in milliseconds since 1970. */
import type { JobName, RunId, Subject } from '../../core/ids.ts';
import { isOpen, type RunState, type StageState } from '../../core/run-state.ts';
import type { Holder } from './lease.ts';
import type { Failure, PieceResult, Progress, Request, SetView } from './run-view.ts';

export interface HolderRecord extends Omit<Holder, 'startedAt'> {
  readonly startedAt: number;
}

export interface SetRecord extends Omit<SetView, 'at'> {
  readonly at: number;
}

export interface RunRecord {
  readonly id: RunId;
  readonly job: JobName;
  readonly subject: Subject;
  readonly date: string;
  readonly epoch: number;
  readonly state: RunState;
  readonly reason?: string | undefined;
  readonly error?: Failure | undefined;
  readonly retryAt?: number | undefined;
  readonly heldUntil?: number | undefined;
  readonly tries: number;
  readonly stops: number;
  readonly request?: Request | undefined;
  /** `held by anna: …`; with a request. */
  readonly requestReason?: string | undefined;
  readonly pausedBy?: string | undefined;
  readonly parameters?: unknown;
  readonly progress?: (Progress & { readonly stage: string; readonly at: number }) | undefined;
  readonly holder?: HolderRecord | undefined;
  readonly slots: readonly string[];
  readonly needs: readonly RunId[];
  /** Those of its epoch. */
  readonly sets: readonly SetRecord[];
  readonly dueAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  /** The number of its last transition. */
  readonly transitions: number;
}

export interface StageRecord {
  readonly name: string;
  readonly position: number;
  readonly state: StageState;
  readonly tries: number;
  readonly reason?: string | undefined;
  readonly error?: Failure | undefined;
  readonly retryAt?: number | undefined;
  readonly summary?: unknown;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
}

export interface TransitionRecord {
  readonly at: number;
  readonly epoch: number;
  readonly stage?: string | undefined;
  readonly from?: RunState | undefined;
  readonly to: RunState;
  readonly host?: string | undefined;
  readonly pid?: number | undefined;
  readonly token?: string | undefined;
  readonly reason?: string | undefined;
}

/** A run as its subject knows it: all that decides whose turn it is. */
export interface DateRecord {
  readonly id: RunId;
  readonly state: RunState;
  readonly dueAt: number;
  readonly retryAt?: number | undefined;
  readonly slots: readonly string[];
  readonly needs: readonly RunId[];
  /** On etcd, of the newest date: what else its run is, so that all that is newest is one range. See etcd/newest-run.ts. */
  readonly rest?: RunRest | undefined;
}

/** What a run's record has beside what its date tells already. */
export type RunRest = Omit<RunRecord, 'id' | 'job' | 'subject' | 'date' | 'state' | 'dueAt' | 'retryAt'>;

/** All dates of a subject that are still in the store (some 60 bytes each; pruning bounds them). */
export interface SubjectRecord {
  readonly job: JobName;
  readonly subject: Subject;
  /** 0 never ended, 1 failed last, 2 done last; `rankAt` is when. */
  readonly rank: number;
  readonly rankAt: number;
  /** By due time, then id. */
  readonly dates: readonly DateRecord[];
}

/** The open dates of a subject, without the rest of their runs, at its place in the order of claims. */
export interface TurnRecord {
  readonly subject: Subject;
  readonly open: readonly DateRecord[];
}

/** A lease's counter, and who got it last; without a token it was given back. */
export interface FenceRecord {
  readonly counter: number;
  readonly token?: string | undefined;
  readonly holder?: HolderRecord | undefined;
  readonly sinceAt?: number | undefined;
  readonly leaseMs?: number | undefined;
}

export interface CutRecord {
  readonly count: number;
}

export interface PieceRecord {
  readonly id: string;
  readonly position: number;
  readonly weight: number;
  readonly data?: unknown;
  readonly state: 'open' | 'failed' | 'committed';
  readonly counter: number;
  readonly tries: number;
  readonly retryAt?: number | undefined;
  readonly error?: Failure | undefined;
  readonly holder?: HolderRecord | undefined;
  readonly leaseMs?: number | undefined;
  readonly committed?: PieceResult | undefined;
}

export interface OpenPieceRecord {
  readonly id: string;
  readonly retryAt?: number | undefined;
}

export interface PointerRecord {
  readonly at: number;
  readonly token: string;
  /** JSON text, unless it is in parts. */
  readonly json?: string;
  readonly parts?: { readonly version: string; readonly count: number };
}

export interface PauseRecord {
  readonly scope: string;
  readonly at: number;
  readonly by: string;
}

export function toHolderRecord(holder: Holder): HolderRecord {
  return { ...holder, startedAt: holder.startedAt.getTime() };
}

export function fromHolderRecord(record: HolderRecord): Holder {
  return { ...record, startedAt: new Date(record.startedAt) };
}

export function openDates(subject: SubjectRecord): readonly DateRecord[] {
  return subject.dates.filter((date) => isOpen(date.state)).map(({ rest: _rest, ...date }) => date);
}

export function byDue(a: Pick<DateRecord, 'dueAt' | 'id'>, b: Pick<DateRecord, 'dueAt' | 'id'>): number {
  return a.dueAt - b.dueAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
