import type { JobName, RunId, Subject } from '../../core/ids.ts';
import type { RunState, StageState } from '../../core/run-state.ts';
import type { Holder, LeaseView } from './lease.ts';

/** How far a stage is: small, overwritten, never history. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is counted: `pages`, `revisions`, `bytes`, `pieces` … */
  readonly unit: string;
  readonly revisionsPerSecond?: number;
  readonly bytesPerSecond?: number;
  readonly etaMs?: number;
  readonly text?: string;
}

/** A failure as it is kept: the catalogue's code and the sentence for people. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** A set of a run (or `*`, the whole run) that was held, and what was decided about it. */
export interface SetView {
  readonly set: string;
  readonly state: 'held' | 'approved' | 'rejected';
  readonly reason: string;
  readonly at: Date;
  readonly by?: string;
}

/** The name of the set that stands for the whole run. */
export const wholeRun = '*';

/** The set that stands for what a person held: the run as it is. Letting it go approves nothing that the run made. */
export const byHand = 'by-hand';

/** What may be asked of a run; the later one outweighs the earlier. */
export const requests = ['pause', 'hold', 'cancel'] as const;
export type Request = (typeof requests)[number];

export function outweighs(request: Request, other: Request): boolean {
  return requests.indexOf(request) > requests.indexOf(other);
}

export interface StageView {
  readonly name: string;
  readonly position: number;
  readonly state: StageState;
  readonly tries: number;
  readonly reason?: string;
  readonly retryAt?: Date;
  readonly error?: Failure;
  readonly summary?: unknown;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
}

export interface RunView {
  readonly id: RunId;
  readonly job: JobName;
  readonly subject: Subject;
  /** Date or version. */
  readonly date: string;
  readonly epoch: number;
  readonly state: RunState;
  /** Why it is held, skipped, paused … */
  readonly reason?: string;
  readonly error?: Failure;
  readonly retryAt?: Date;
  readonly heldUntil?: Date;
  /** Failed tries in this epoch. */
  readonly tries: number;
  /** Times its worker died since something was last finished. */
  readonly stops: number;
  /** What its worker is asked to do and has not done yet. */
  readonly request?: Request;
  readonly parameters: unknown;
  readonly needs: readonly RunId[];
  readonly slots: readonly string[];
  readonly progress?: Progress & { readonly stage: string; readonly at: Date };
  /** The process that works on it, or that did so last. */
  readonly holder?: Holder;
  readonly lease?: LeaseView;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
}

/** A run with all that is known of it. */
export interface RunDetails extends RunView {
  /** In the order in which they run. */
  readonly stages: readonly StageView[];
  readonly sets: readonly SetView[];
}

/** One change of state of a run (stage undefined) or of one of its stages. */
export interface Transition {
  readonly at: Date;
  readonly epoch: number;
  readonly stage?: string;
  readonly from?: RunState;
  readonly to: RunState;
  readonly host?: string;
  readonly pid?: number;
  readonly token?: string;
  /** Why; or who asked for it. */
  readonly reason?: string;
}

export interface PieceDefinition {
  readonly id: string;
  /** Cost in any unit; heavy pieces are handed out first. */
  readonly weight: number;
  /** Small JSON: what the piece is to do. */
  readonly data: unknown;
}

/** What a piece made. Paths are relative to the workspace. */
export interface PieceResult {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Small JSON. */
  readonly result?: unknown;
}

export interface PieceView extends PieceDefinition {
  readonly state: 'open' | 'leased' | 'failed' | 'committed';
  readonly tries: number;
  readonly retryAt?: Date;
  readonly error?: Failure;
  readonly holder?: Holder;
  readonly committed?: PieceResult;
}

export interface CommittedPiece extends PieceDefinition, PieceResult {}

/** What a run waits for, as data; text for people is made by `describeWait` in why.ts. */
export type WaitReason =
  | { readonly kind: 'lease'; readonly run: RunId; readonly holder: Holder; readonly expiresInMs: number }
  | { readonly kind: 'other-date'; readonly run: RunId; readonly holder: Holder }
  /** Its subject is being worked on outside of any run: what it has published is taken back or redacted. */
  | { readonly kind: 'subject'; readonly lease: string; readonly holder: Holder }
  | { readonly kind: 'older-date'; readonly run: RunId; readonly state: RunState; readonly retryAt?: Date }
  | { readonly kind: 'retry'; readonly at: Date; readonly error?: Failure }
  | { readonly kind: 'paused'; readonly scope: PauseScope }
  | { readonly kind: 'held'; readonly reason: string; readonly sets: readonly string[] }
  | { readonly kind: 'need-run'; readonly run: RunId; readonly state?: RunState }
  | {
      readonly kind: 'slot';
      readonly slot: string;
      readonly limit: number;
      readonly holders: readonly RunId[];
    }
  | { readonly kind: 'ended'; readonly state: RunState; readonly error?: Failure; readonly reason?: string };

/** `run/<id>`, `job/<job>`, `subject/<subject>`, `all`, or `maintenance`. */
export type PauseScope = `run/${string}` | `job/${string}` | `subject/${string}` | 'all' | 'maintenance';
