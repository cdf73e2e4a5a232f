/**
 * The port of run control: everything else is written against it, and only src/composition.ts knows which adapter
 * runs. Rules for adapters: each method is one atomic transaction; parameters are read-only objects; values are small
 * JSON (`maxValueBytes`); a write that shows a guard is refused with LEASE_LOST unless the guard's token is current
 * and its lease alive, compared in the same transaction. testing/run-store-conformance.ts says the rest.
 */
import type { JobName, RunId } from '../../core/ids.ts';
import type { RunState, StageState } from '../../core/run-state.ts';
import type { ChangeNotice } from './change-notice.ts';
import type { Holder, LeaseGuard, LeaseView } from './lease.ts';
import type {
  CommittedPiece,
  Failure,
  PauseScope,
  PieceDefinition,
  PieceResult,
  PieceView,
  Progress,
  Request,
  RunDetails,
  RunView,
  Transition,
  WaitReason,
} from './run-view.ts';

/** The largest JSON value the store takes, in bytes of UTF-8. */
export const maxValueBytes = 64 * 1024;

/** The same for a pointer: it lists all files of a published set, thousands where big files are split. */
export const maxPointerBytes = 4 * 1024 * 1024;

export interface NewRun {
  readonly id: RunId;
  /** When it became due; orders the dates of a subject. Now, when left out. */
  readonly dueAt?: Date;
  /** Small JSON that the job understands; frozen until the run is resumed or restarted with others. */
  readonly parameters?: unknown;
  /** Other runs that must be finished first. */
  readonly needs?: readonly RunId[];
  /** Slots that it occupies while it runs: its job's class and shared ones, such as `db/host1`. */
  readonly slots?: readonly string[];
}

/** What limits claims, as the configuration says now. */
export interface ClaimRules {
  /** Runs that may hold a slot at once; a slot that is not named has no limit. */
  readonly slotLimits: Readonly<Record<string, number>>;
  /** How old an unfinished date may be to go before a newer one; older ones become `skipped`. No limit if not named. */
  readonly resumeWithinMs: Readonly<Record<JobName, number>>;
}

export interface ClaimNext extends ClaimRules {
  readonly jobs: readonly JobName[];
  readonly holder: Holder;
  readonly leaseMs: number;
}

export interface ClaimOne extends ClaimRules {
  readonly id: RunId;
  readonly holder: Holder;
  readonly leaseMs: number;
}

export interface ClaimedRun {
  readonly run: RunView;
  readonly guard: LeaseGuard;
  readonly leaseMs: number;
}

/** What a worker is told when it looks: what it should stop for, if anything. */
export interface RunRequest {
  readonly request: Request;
  readonly scope: PauseScope;
  /** With `hold`: why, and by whom. */
  readonly reason?: string;
  /** With `hold`: when the monitor lets it fail. */
  readonly heldUntil?: Date;
}

export interface RunFilter {
  readonly job?: string;
  readonly subject?: string;
  readonly states?: readonly RunState[];
  /** Only those that changed at or after this. */
  readonly updatedSince?: Date;
  /** Newest first; default 100. */
  readonly limit?: number;
  /** Goes on after this run of the previous list. */
  readonly after?: RunId;
}

/** How a run leaves its worker's hands. */
export interface RunEnding {
  readonly state: Exclude<RunState, 'running'>;
  readonly reason?: string;
  readonly error?: Failure;
  /** With `retrying`. */
  readonly retryAt?: Date;
  /** With `held`: when the monitor lets it fail. */
  readonly heldUntil?: Date;
  /** With `paused`: what has to be resumed. */
  readonly pausedBy?: PauseScope;
}

export interface StageChange {
  readonly state: StageState;
  readonly tries?: number;
  readonly reason?: string;
  readonly error?: Failure;
  readonly retryAt?: Date;
  /** Small JSON about what a finished stage made. */
  readonly summary?: unknown;
}

export interface PieceGuard {
  readonly run: RunId;
  readonly epoch: number;
  readonly stage: string;
  readonly piece: string;
  readonly token: string;
}

export interface ClaimedPiece extends PieceDefinition {
  readonly guard: PieceGuard;
  /** 1 for the first. */
  readonly tryNumber: number;
}

/** The pieces of one stage in one epoch. */
export interface PieceScope {
  readonly run: RunId;
  readonly epoch: number;
  readonly stage: string;
}

export interface Swept {
  /** Runs whose lease had expired: now `stopped`. */
  readonly stopped: readonly RunId[];
  /** Held runs whose time was up: now `failed`. */
  readonly expired: readonly RunId[];
}

export interface RunStore extends AsyncDisposable {
  readonly kind: 'sqlite' | 'etcd';

  // Runs
  /** Creates the run unless it exists; the same on all hosts. */
  createRun(p: NewRun): Promise<{ readonly created: boolean; readonly run: RunView }>;
  readRun(p: { readonly id: RunId }): Promise<RunDetails | undefined>;
  listRuns(p: RunFilter): Promise<readonly RunView[]>;
  /** The newest run of every subject of a job, ordered by subject. */
  listLatestRuns(p: { readonly job: string }): Promise<readonly RunView[]>;
  /** Oldest first. */
  listTransitions(p: { readonly id: RunId }): Promise<readonly Transition[]>;
  /** Why the run does not run; empty when any worker may take it. */
  waitReasons(p: ClaimRules & { readonly id: RunId }): Promise<readonly WaitReason[]>;
  /** Tells when to read again, all of the store or a run, until the signal; rejects as reads do. */
  watch(p: { readonly run?: RunId; readonly signal: AbortSignal }): AsyncGenerator<ChangeNotice>;

  // What people ask for
  /**
   * Lets a run that is paused, retrying, failed, stopped or cancelled wait for a worker at once, from its first
   * unfinished stage; a request to pause or hold is withdrawn. RUN_STATE when it is running, held, done or skipped.
   */
  resumeRun(p: { readonly id: RunId; readonly by: string; readonly parameters?: unknown }): Promise<RunView>;
  /** Starts a new epoch, in which nothing is finished. RUN_BUSY while a worker holds it. */
  restartRun(p: { readonly id: RunId; readonly by: string; readonly parameters?: unknown }): Promise<RunView>;
  /**
   * Pauses, holds or cancels: at once if no worker holds the run, else its worker is asked; what outweighs it stays
   * asked for. From then on a run that is to be held publishes nothing more: see `commitPointer`. RUN_STATE when the
   * run has ended, or is held and is to be held or paused. What is asked for is not lost when the worker dies or gives
   * the run back for another reason.
   */
  requestRun(p: {
    readonly id: RunId;
    readonly request: Request;
    readonly by: string;
    /** With `hold`: why. */
    readonly reason?: string;
    /** With `hold`: when the monitor lets it fail; never when left out. */
    readonly heldUntil?: Date;
  }): Promise<RunView>;
  /** Pauses everything in a scope, also what is created later, until `resumeScope`. */
  pauseScope(p: { readonly scope: PauseScope; readonly by: string }): Promise<void>;
  resumeScope(p: { readonly scope: PauseScope; readonly by: string }): Promise<readonly RunId[]>;
  listPauses(): Promise<readonly { readonly scope: PauseScope; readonly at: Date; readonly by: string }[]>;
  /** Tells all workers to end (or no longer). */
  setExit(p: { readonly exit: boolean; readonly by: string }): Promise<void>;
  readExit(): Promise<boolean>;
  /** Approves or rejects a held run or some of its sets. When nothing is held any more, the run goes on or has failed. */
  decideHeld(p: {
    readonly id: RunId;
    readonly decision: 'approved' | 'rejected';
    /** All, when left out. */
    readonly sets?: readonly string[];
    readonly by: string;
  }): Promise<RunDetails>;

  // What workers do
  /** Hands out the run whose turn it is, with its lease and its subject's. */
  claimNextRun(p: ClaimNext): Promise<ClaimedRun | undefined>;
  /** Claims one run. RUN_BUSY names the holder, RUN_WAITS what it waits for, RUN_STATE that it has ended. */
  claimRun(p: ClaimOne): Promise<ClaimedRun>;
  /** Takes over a claim that another process made for this one: same token, so there is no moment without a lease. */
  adoptRun(p: { readonly guard: LeaseGuard; readonly holder: Holder }): Promise<ClaimedRun>;
  /** What the run's worker should stop for. Not guarded; reads only. */
  readRequest(p: { readonly id: RunId }): Promise<RunRequest | undefined>;
  putStage(p: {
    readonly guard: LeaseGuard;
    readonly stage: string;
    readonly position: number;
    readonly change: StageChange;
  }): Promise<void>;
  putProgress(p: {
    readonly guard: LeaseGuard;
    readonly stage: string;
    readonly progress: Progress;
  }): Promise<void>;
  holdSet(p: { readonly guard: LeaseGuard; readonly set: string; readonly reason: string }): Promise<void>;
  /** Records how the run ended and releases its leases. */
  endRun(p: { readonly guard: LeaseGuard; readonly ending: RunEnding }): Promise<RunView>;

  // Leases
  /** LEASE_HELD, naming the holder, while another holds it. */
  acquireLease(p: {
    readonly key: string;
    readonly holder: Holder;
    readonly leaseMs: number;
  }): Promise<LeaseGuard>;
  /** Renews a run's leases (`run/…`, with its subject's) or any other. LEASE_LOST when it is no longer mine. */
  renewLease(p: { readonly guard: LeaseGuard }): Promise<void>;
  /** Does nothing when the lease is no longer mine. */
  releaseLease(p: { readonly guard: LeaseGuard }): Promise<void>;
  readLease(p: { readonly key: string }): Promise<LeaseView | undefined>;
  /** Rejects with LEASE_LOST unless the guard holds now. */
  assertLease(p: { readonly guard: LeaseGuard }): Promise<void>;
  /**
   * Breaks a lease that its holder has not renewed for half its length. LEASE_ALIVE when it has, or when the token
   * is no longer the one that was shown to the person who asked.
   */
  forceUnlock(p: { readonly guard: LeaseGuard; readonly by: string }): Promise<LeaseView>;

  // Pieces
  /** Idempotent: the same pieces again change nothing, others are refused with PIECE_CONFLICT. */
  definePieces(p: {
    readonly guard: LeaseGuard;
    readonly stage: string;
    readonly pieces: readonly PieceDefinition[];
  }): Promise<void>;
  /** The heaviest open piece of a run that is being worked on, or undefined when none can be had now. */
  claimPiece(
    p: PieceScope & { readonly holder: Holder; readonly leaseMs: number },
  ): Promise<ClaimedPiece | undefined>;
  renewPiece(p: { readonly guard: PieceGuard }): Promise<void>;
  /** Commits what the piece made; LEASE_LOST when its token or its run's epoch is no longer current. */
  commitPiece(p: { readonly guard: PieceGuard; readonly result: PieceResult }): Promise<void>;
  /** Gives a piece back: untouched, to be tried again at a time, or failed for good. */
  releasePiece(p: {
    readonly guard: PieceGuard;
    readonly error?: Failure;
    /** With an error: when it may be tried again; failed for good when left out. */
    readonly retryAt?: Date;
  }): Promise<void>;
  /** Failed pieces are open again (a resumed stage tries them anew). */
  reopenPieces(p: { readonly guard: LeaseGuard; readonly stage: string }): Promise<void>;
  /** In the order in which they were defined. */
  listPieces(p: PieceScope): Promise<readonly PieceView[]>;
  listCommitted(p: PieceScope): Promise<readonly CommittedPiece[]>;

  // Publication pointers and other small facts under a lease
  readPointer(p: { readonly key: string }): Promise<unknown>;
  /** RUN_HELD under the guard of a run that is to be held. */
  commitPointer(p: {
    readonly key: string;
    readonly value: unknown;
    readonly guard: LeaseGuard;
  }): Promise<void>;
  listPointers(p: {
    readonly prefix: string;
  }): Promise<readonly { readonly key: string; readonly value: unknown }[]>;

  // Schedule
  /** The last due time handled of a schedule. */
  readDue(p: { readonly key: string }): Promise<Date | undefined>;
  /** Compare and set: false, and nothing done, when the last due time is no longer `from`. */
  moveDue(p: { readonly key: string; readonly from: Date | undefined; readonly to: Date }): Promise<boolean>;

  // Keeping house
  sweep(): Promise<Swept>;
  /** Removes runs that ended before, with all that belongs to them, except each subject's newest and newest done. */
  pruneRuns(p: { readonly endedBefore: Date; readonly limit: number }): Promise<readonly RunId[]>;
  /** Removes pointers under a prefix that were written before. */
  prunePointers(p: { readonly prefix: string; readonly writtenBefore: Date }): Promise<void>;
  /** After a restore or migration: all leases end and every later token is higher than any before. */
  newGeneration(): Promise<number>;
  readGeneration(): Promise<number>;
}
