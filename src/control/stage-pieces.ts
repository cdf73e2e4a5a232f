import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { isRotaError, RotaError } from '../core/errors/rota-error.ts';
import type { Log } from '../core/log.ts';
import { stageBackoffMs } from './back-off.ts';
import { classifyError, fromFailure, toFailure } from './classify-error.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { RunEvent } from './run-event.ts';
import type { PieceBoard, PieceLease } from './stage.ts';
import type { Holder } from './store/lease.ts';
import type { ClaimedPiece, PieceScope, RunStore } from './store/run-store.ts';
import type { CommittedPiece, PieceDefinition, PieceResult, PieceView } from './store/run-view.ts';

export interface StagePiecesOptions {
  readonly store: RunStore;
  readonly scope: PieceScope;
  readonly holder: Holder;
  readonly leaseMs: number;
  readonly workspace: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly stopping: AbortSignal;
  readonly concurrency: number;
  readonly retries: { readonly tries: number; readonly backoffMs: number };
  readonly tell: (event: RunEvent) => void;
  readonly define: (pieces: readonly PieceDefinition[]) => Promise<void>;
  /** Undefined when the stage has no pieces. */
  readonly runPiece: ((piece: PieceLease) => Promise<PieceResult>) | undefined;
}

/** How long to wait before looking again at pieces that others work on. */
const lookAgainMs = 1_000;

/** The pieces of one stage: each process that works on them runs this same loop. */
export class StagePieces implements PieceBoard {
  readonly #o: StagePiecesOptions;
  #changed = new AbortController();

  constructor(options: StagePiecesOptions) {
    this.#o = options;
  }

  define(pieces: readonly PieceDefinition[]): Promise<void> {
    return this.#o.define(pieces);
  }

  list(): Promise<readonly PieceView[]> {
    return this.#o.store.listPieces(this.#o.scope);
  }

  committed(stage: string): Promise<readonly CommittedPiece[]> {
    return this.#o.store.listCommitted({ ...this.#o.scope, stage });
  }

  async runAll(): Promise<readonly CommittedPiece[]> {
    // One failure stops the claiming of all; what the others have in hand is brought to its end and kept.
    const failed = new AbortController();
    const lanes = Array.from({ length: Math.max(1, this.#o.concurrency) }, () => this.#lane(failed));
    const results = await Promise.allSettled(lanes);
    this.#o.signal.throwIfAborted();
    if (failed.signal.aborted) throw failed.signal.reason;
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    this.#o.stopping.throwIfAborted();
    return this.#o.store.listCommitted(this.#o.scope);
  }

  /** Works until every piece is committed, one has failed for good, or the run is asked to stop. */
  async #lane(failed: AbortController): Promise<void> {
    const { store, scope, holder, leaseMs, clock, stopping, signal } = this.#o;
    const enough = AbortSignal.any([stopping, signal, failed.signal]);
    while (!enough.aborted) {
      const sentMonoMs = clock.monotonicMs();
      const claimed = await store.claimPiece({ ...scope, holder, leaseMs });
      if (claimed !== undefined) {
        const failure = await this.#work(claimed, sentMonoMs);
        this.#changed.abort();
        this.#changed = new AbortController();
        if (failure !== undefined) failed.abort(failure);
        continue;
      }
      const pieces = await this.list();
      const broken = pieces.find((piece) => piece.state === 'failed');
      if (broken?.error !== undefined) {
        const where = `Piece ${broken.id} of stage ${scope.stage}`;
        failed.abort(fromFailure(broken.error, where, { piece: broken.id }));
        return;
      }
      if (pieces.every((piece) => piece.state === 'committed')) return;
      // Our own lanes wake each other, of other processes' pieces we hear by looking again.
      await clock.sleep(lookAgainMs, AbortSignal.any([enough, this.#changed.signal])).catch(() => {});
    }
  }

  /** One try of one piece; the failure is returned when it is final. */
  async #work(claimed: ClaimedPiece, sentMonoMs: number): Promise<RotaError | undefined> {
    const { store, scope, clock, log, signal, tell, runPiece, leaseMs } = this.#o;
    if (runPiece === undefined) {
      throw new RotaError(
        'INTERNAL',
        `Stage ${scope.stage} has pieces but cannot run them: it has no runPiece`,
      );
    }
    const { guard } = claimed;
    await using keeper = new LeaseKeeper({
      what: `piece ${claimed.id} of ${scope.stage} in ${scope.run}`,
      renew: () => store.renewPiece({ guard }),
      leaseMs,
      grantedMonoMs: sentMonoMs,
      clock,
      log,
    });
    const about = { run: scope.run, stage: scope.stage };
    tell({
      type: 'piece-started',
      ...about,
      at: clock.now(),
      piece: claimed.id,
      tryNumber: claimed.tryNumber,
    });
    try {
      // The nonce keeps apart what two attempts with one token would write after a lost store.
      const folderName = `p${claimed.id}.${guard.token}-${randomBytes(4).toString('hex')}`;
      const folder = join(this.#o.workspace, folderName);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const result = await runPiece({
        id: claimed.id,
        weight: claimed.weight,
        data: claimed.data,
        token: guard.token,
        tryNumber: claimed.tryNumber,
        folder,
        folderName,
        signal: AbortSignal.any([signal, keeper.lost]),
      });
      keeper.assertTrusted();
      await store.commitPiece({ guard, result });
      const { id, weight, data } = claimed;
      tell({ type: 'piece-committed', ...about, at: clock.now(), piece: { id, weight, data, ...result } });
      return undefined;
    } catch (thrown) {
      return await this.#giveBack(claimed, thrown, keeper.lost.aborted);
    }
  }

  async #giveBack(claimed: ClaimedPiece, thrown: unknown, lost: boolean): Promise<RotaError | undefined> {
    const { store, scope, clock, signal, retries, tell } = this.#o;
    const { guard } = claimed;
    // Another has it or will have it: its work is not ours to judge.
    if (lost || isRotaError(thrown, 'LEASE_LOST')) return undefined;
    if (signal.aborted) {
      await store.releasePiece({ guard }).catch(() => {});
      return undefined;
    }
    const cause = classifyError(thrown, `Piece ${claimed.id} of stage ${scope.stage}`);
    const again = cause.retryable && claimed.tryNumber < retries.tries;
    const delayMs = stageBackoffMs(claimed.tryNumber, retries.backoffMs);
    const retry = again ? { retryAt: new Date(clock.now().getTime() + delayMs) } : {};
    const error = toFailure(cause);
    try {
      await store.releasePiece({ guard, error, ...retry });
    } catch (failure) {
      if (isRotaError(failure, 'LEASE_LOST')) return undefined;
      throw failure;
    }
    tell({
      type: 'piece-failed',
      run: scope.run,
      stage: scope.stage,
      at: clock.now(),
      piece: claimed.id,
      error,
      ...retry,
    });
    if (again) return undefined;
    return new RotaError(cause.code, cause.message, { cause, facts: { ...cause.facts, piece: claimed.id } });
  }
}
