import type { Clock } from '../core/clock.ts';
import type { JobName } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { Check } from './check.ts';
import type {
  CommittedPiece,
  PieceDefinition,
  PieceResult,
  PieceView,
  Progress,
  RunView,
  SetView,
} from './store/run-view.ts';

/** How a stage ended well. A failure is thrown: retryable or final as the error catalogue says. */
export type StageOutcome =
  | { readonly state: 'done'; readonly summary?: unknown }
  | { readonly state: 'done-with-errors'; readonly reason: string; readonly summary?: unknown }
  | { readonly state: 'skipped'; readonly reason: string }
  | { readonly state: 'held'; readonly reason: string; readonly summary?: unknown };

/** `summary`: small JSON that later stages and people can read. */
export function done(summary?: unknown): StageOutcome {
  return { state: 'done', summary };
}

export function doneWithErrors(reason: string, summary?: unknown): StageOutcome {
  return { state: 'done-with-errors', reason, summary };
}

export function skipped(reason: string): StageOutcome {
  return { state: 'skipped', reason };
}

/**
 * What was made waits for approval. The stage is not finished: when everything held has been decided it runs again and
 * finds the decisions in `context.approvals()`.
 */
export function held(reason: string, summary?: unknown): StageOutcome {
  return { state: 'held', reason, summary };
}

/** A piece in hand. */
export interface PieceLease extends PieceDefinition {
  readonly token: string;
  /** 1 for the first. */
  readonly tryNumber: number;
  /** The absolute path of a new, empty folder that only this attempt writes to. */
  readonly folder: string;
  /** The same relative to the workspace: the start of `PieceResult.path`. */
  readonly folderName: string;
  /** Aborts when the piece or its run is lost, paused or cancelled. */
  readonly signal: AbortSignal;
}

export interface PieceBoard {
  /** Idempotent within an epoch. */
  define(pieces: readonly PieceDefinition[]): Promise<void>;
  /** Runs `runPiece` until all pieces are committed, also those that other processes work on; in the order of definition. */
  runAll(): Promise<readonly CommittedPiece[]>;
  list(): Promise<readonly PieceView[]>;
  /** Committed pieces of any stage of this run and epoch. */
  committed(stage: string): Promise<readonly CommittedPiece[]>;
}

export interface StageContext<S> {
  readonly run: RunView;
  readonly services: S;
  /** The fencing token of the run, for effects outside the store. */
  readonly token: string;
  /** The absolute path of the private folder of this run and epoch; it exists. */
  readonly workspace: string;
  /** Aborts when the stage must stop at once: lease lost, cancelled, deadline; soon after `stopping`. */
  readonly signal: AbortSignal;
  /** Aborts first when the run is paused or its process was asked to end: bring the work in hand to an end. */
  readonly stopping: AbortSignal;
  readonly log: Log;
  readonly clock: Clock;
  readonly pieces: PieceBoard;
  /** Throttled inside. */
  progress(progress: Progress): void;
  /**
   * Throws LEASE_LOST when this process has not renewed its lease lately: asks only the clock, so that it can be asked
   * right before an effect that the store does not guard, such as renaming a file.
   */
  assertTrusted(): void;
  /** Rejects with LEASE_LOST when this process no longer holds the run. */
  assertCurrent(): Promise<void>;
  commitPointer(key: string, value: unknown): Promise<void>;
  readPointer(key: string): Promise<unknown>;
  /** The summary of a finished stage of this epoch, or undefined. */
  summaryOf(stage: string): Promise<unknown>;
  /** Holds one set of what the run makes; end the stage with `held` after the others are published. */
  holdSet(set: string, reason: string): Promise<void>;
  /** What was decided about held sets; `*` is the whole run. */
  approvals(): Promise<ReadonlyMap<string, SetView['state']>>;
  /** The process group is killed if the lease is lost or the stage is aborted; dispose when the process has ended. */
  ownProcessGroup(pgid: number): Disposable;
  /** Works under another lease, such as `publish/<job>/<subject>`, waiting until it is free. */
  withLease<T>(
    key: string,
    action: (lease: { readonly key: string; readonly token: string }) => Promise<T>,
  ): Promise<T>;
}

/** An ordered step of a run. Subclasses have no state of their own: one object may serve many runs. */
export abstract class Stage<S> {
  abstract readonly name: string;
  /** Stages that must be finished before; all earlier ones when left out. */
  readonly needs?: readonly string[];
  /** Failures that the catalogue calls retryable are tried again: `backoffMs`, twice that, four times … Default: none. */
  readonly retries?: { readonly tries: number; readonly backoffMs: number };
  abstract readonly deadlineMs: number;
  /** Pieces that one process works on at once; 1 when left out. */
  readonly pieceConcurrency?: number;
  before?(): readonly Check[];
  after?(): readonly Check[];
  abstract run(context: StageContext<S>): Promise<StageOutcome>;
  runPiece?(context: StageContext<S>, piece: PieceLease): Promise<PieceResult>;
}

/** A named recipe of stages. */
export interface Job<S> {
  readonly name: JobName;
  /** The stages of one run, in order: what is left out is not run. */
  stages(run: RunView): readonly Stage<S>[];
  /** Tries of a run in one epoch before it stays failed; default 4. */
  readonly tries?: number;
  /** Before the second try; each later one waits four times as long. Default 10 minutes. */
  readonly backoffMs?: number;
  /** A held run fails after this time; never when left out. */
  readonly heldForMs?: number;
}
