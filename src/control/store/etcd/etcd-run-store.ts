import type { RunStore } from '../run-store.ts';
import { claimNextRun, Rivals } from './claim-next-run.ts';
import { claimPiece } from './claim-piece.ts';
import { adoptRun, claimRun } from './claim-run.ts';
import type { Connection } from './connection.ts';
import { createRun } from './create-run.ts';
import { decideHeld, holdSet } from './decide-held.ts';
import { definePieces, reopenPieces } from './define-pieces.ts';
import { moveDue, readDue } from './due.ts';
import { endRun } from './end-run.ts';
import { waitReasons } from './find-wait-reasons.ts';
import { commitPiece, releasePiece, renewPiece } from './finish-piece.ts';
import { newGeneration, readGeneration } from './generation.ts';
import { LatestRuns } from './latest-runs.ts';
import { acquireLease, assertLease, forceUnlock, releaseLease, renewLease } from './lease-actions.ts';
import { listCommitted, listPieces } from './list-pieces.ts';
import { listRuns, listTransitions } from './list-runs.ts';
import { listPauses, pauseScope, readExit, readRequest, resumeScope, setExit } from './pause-scope.ts';
import { commitPointer, listPointers, prunePointers, readPointer } from './pointers.ts';
import { pruneRuns } from './prune-runs.ts';
import { putProgress, putStage } from './put-stage.ts';
import { readRun } from './read-run.ts';
import { requestRun } from './request-run.ts';
import { restartRun, resumeRun } from './resume-run.ts';
import { sweep } from './sweep-runs.ts';
import { readLease } from './views.ts';
import { watchStore } from './watch-store.ts';

/** The parameters of a method of the port. */
type P<M extends keyof RunStore> = RunStore[M] extends (p: infer A) => unknown ? A : never;

/** The port on etcd: each method is the action of the same name. */
export class EtcdRunStore implements RunStore {
  readonly kind = 'etcd';
  readonly #db: Connection;
  readonly #latest: LatestRuns;
  readonly #rivals: Rivals;

  constructor(db: Connection) {
    this.#db = db;
    this.#latest = new LatestRuns(db);
    this.#rivals = new Rivals(db.clock);
  }

  async [Symbol.asyncDispose]() {
    await this.#db[Symbol.asyncDispose]();
  }

  async createRun(p: P<'createRun'>) {
    return createRun(this.#db, p);
  }

  async readRun(p: P<'readRun'>) {
    return readRun(this.#db, p.id);
  }

  async listRuns(p: P<'listRuns'>) {
    return listRuns(this.#db, p);
  }

  async listLatestRuns(p: P<'listLatestRuns'>) {
    return this.#latest.list(p.job);
  }

  async listTransitions(p: P<'listTransitions'>) {
    return listTransitions(this.#db, p.id);
  }

  async waitReasons(p: P<'waitReasons'>) {
    return waitReasons(this.#db, p);
  }

  watch(p: P<'watch'>) {
    return watchStore(this.#db, p);
  }

  async resumeRun(p: P<'resumeRun'>) {
    return resumeRun(this.#db, p);
  }

  async restartRun(p: P<'restartRun'>) {
    return restartRun(this.#db, p);
  }

  async requestRun(p: P<'requestRun'>) {
    return requestRun(this.#db, p);
  }

  async pauseScope(p: P<'pauseScope'>) {
    return pauseScope(this.#db, p);
  }

  async resumeScope(p: P<'resumeScope'>) {
    return resumeScope(this.#db, p);
  }

  async listPauses() {
    return listPauses(this.#db);
  }

  async setExit(p: P<'setExit'>) {
    return setExit(this.#db, p);
  }

  async readExit() {
    return readExit(this.#db);
  }

  async decideHeld(p: P<'decideHeld'>) {
    return decideHeld(this.#db, p);
  }

  async claimNextRun(p: P<'claimNextRun'>) {
    return claimNextRun(this.#db, p, this.#rivals);
  }

  async claimRun(p: P<'claimRun'>) {
    return claimRun(this.#db, p);
  }

  async adoptRun(p: P<'adoptRun'>) {
    return adoptRun(this.#db, p);
  }

  async readRequest(p: P<'readRequest'>) {
    return readRequest(this.#db, p.id);
  }

  async putStage(p: P<'putStage'>) {
    return putStage(this.#db, p);
  }

  async putProgress(p: P<'putProgress'>) {
    return putProgress(this.#db, p);
  }

  async holdSet(p: P<'holdSet'>) {
    return holdSet(this.#db, p);
  }

  async endRun(p: P<'endRun'>) {
    return endRun(this.#db, p);
  }

  async acquireLease(p: P<'acquireLease'>) {
    return acquireLease(this.#db, p);
  }

  async renewLease(p: P<'renewLease'>) {
    return renewLease(this.#db, p.guard);
  }

  async releaseLease(p: P<'releaseLease'>) {
    return releaseLease(this.#db, p.guard);
  }

  async readLease(p: P<'readLease'>) {
    return readLease(this.#db, p.key);
  }

  async assertLease(p: P<'assertLease'>) {
    await assertLease(this.#db, p.guard);
  }

  async forceUnlock(p: P<'forceUnlock'>) {
    return forceUnlock(this.#db, p);
  }

  async definePieces(p: P<'definePieces'>) {
    return definePieces(this.#db, p);
  }

  async claimPiece(p: P<'claimPiece'>) {
    return claimPiece(this.#db, p);
  }

  async renewPiece(p: P<'renewPiece'>) {
    return renewPiece(this.#db, p.guard);
  }

  async commitPiece(p: P<'commitPiece'>) {
    return commitPiece(this.#db, p);
  }

  async releasePiece(p: P<'releasePiece'>) {
    return releasePiece(this.#db, p);
  }

  async reopenPieces(p: P<'reopenPieces'>) {
    return reopenPieces(this.#db, p);
  }

  async listPieces(p: P<'listPieces'>) {
    return listPieces(this.#db, p);
  }

  async listCommitted(p: P<'listCommitted'>) {
    return listCommitted(this.#db, p);
  }

  async readPointer(p: P<'readPointer'>) {
    return readPointer(this.#db, p.key);
  }

  async commitPointer(p: P<'commitPointer'>) {
    return commitPointer(this.#db, p);
  }

  async listPointers(p: P<'listPointers'>) {
    return listPointers(this.#db, p.prefix);
  }

  async readDue(p: P<'readDue'>) {
    return readDue(this.#db, p.key);
  }

  async moveDue(p: P<'moveDue'>) {
    return moveDue(this.#db, p);
  }

  async sweep() {
    return sweep(this.#db);
  }

  async pruneRuns(p: P<'pruneRuns'>) {
    return pruneRuns(this.#db, p);
  }

  async prunePointers(p: P<'prunePointers'>) {
    return prunePointers(this.#db, p);
  }

  async newGeneration() {
    return newGeneration(this.#db);
  }

  async readGeneration() {
    return readGeneration(this.#db);
  }
}
