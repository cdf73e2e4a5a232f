import type { RunStore } from '../run-store.ts';
import { claimPiece } from './claim-piece.ts';
import { adoptRun, claimNextRun, claimRun } from './claim-run.ts';
import type { Connection } from './connection.ts';
import { createRun } from './create-run.ts';
import { decideHeld, holdSet } from './decide-held.ts';
import { definePieces, reopenPieces } from './define-pieces.ts';
import { moveDue, readDue } from './due.ts';
import { endRun } from './end-run.ts';
import { waitReasons } from './find-wait-reasons.ts';
import { commitPiece, releasePiece, renewPiece } from './finish-piece.ts';
import { readGeneration } from './grant-lease.ts';
import { acquireLease, assertLease, forceUnlock, releaseLease, renewLease } from './lease-actions.ts';
import { listCommitted, listPieces } from './list-pieces.ts';
import { listLatestRuns, listRuns, listTransitions } from './list-runs.ts';
import { listPauses, pauseScope, readExit, readRequest, resumeScope, setExit } from './pause-scope.ts';
import { commitPointer, listPointers, prunePointers, readPointer } from './pointers.ts';
import { pruneRuns } from './prune-runs.ts';
import { putProgress, putStage } from './put-stage.ts';
import { readRun } from './read-run.ts';
import { requestRun } from './request-run.ts';
import { restartRun, resumeRun } from './resume-run.ts';
import { findLease } from './rows.ts';
import { newGeneration } from './settle-machine.ts';
import { sweep } from './sweep-runs.ts';
import { waitWhileBusy } from './wait-while-busy.ts';
import { watchStore } from './watch-store.ts';

/** The parameters of a method of the port. */
type P<M extends keyof RunStore> = RunStore[M] extends (p: infer A) => unknown ? A : never;

/** The port on one SQLite file: each method is the action of the same name, one transaction. */
export class SqliteRunStore implements RunStore {
  readonly kind = 'sqlite';
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  async [Symbol.asyncDispose]() {
    this.#db.close();
  }

  async createRun(p: P<'createRun'>) {
    return waitWhileBusy(this.#db.clock, () => createRun(this.#db, p));
  }

  async readRun(p: P<'readRun'>) {
    return waitWhileBusy(this.#db.clock, () => readRun(this.#db, p.id));
  }

  async listRuns(p: P<'listRuns'>) {
    return waitWhileBusy(this.#db.clock, () => listRuns(this.#db, p));
  }

  async listLatestRuns(p: P<'listLatestRuns'>) {
    return waitWhileBusy(this.#db.clock, () => listLatestRuns(this.#db, p.job));
  }

  async listTransitions(p: P<'listTransitions'>) {
    return waitWhileBusy(this.#db.clock, () => listTransitions(this.#db, p.id));
  }

  async waitReasons(p: P<'waitReasons'>) {
    return waitWhileBusy(this.#db.clock, () => waitReasons(this.#db, p));
  }

  watch(p: P<'watch'>) {
    return watchStore(this.#db, p.signal);
  }

  async resumeRun(p: P<'resumeRun'>) {
    return waitWhileBusy(this.#db.clock, () => resumeRun(this.#db, p));
  }

  async restartRun(p: P<'restartRun'>) {
    return waitWhileBusy(this.#db.clock, () => restartRun(this.#db, p));
  }

  async requestRun(p: P<'requestRun'>) {
    return waitWhileBusy(this.#db.clock, () => requestRun(this.#db, p));
  }

  async pauseScope(p: P<'pauseScope'>) {
    return waitWhileBusy(this.#db.clock, () => pauseScope(this.#db, p));
  }

  async resumeScope(p: P<'resumeScope'>) {
    return waitWhileBusy(this.#db.clock, () => resumeScope(this.#db, p));
  }

  async listPauses() {
    return waitWhileBusy(this.#db.clock, () => listPauses(this.#db));
  }

  async setExit(p: P<'setExit'>) {
    return waitWhileBusy(this.#db.clock, () => setExit(this.#db, p));
  }

  async readExit() {
    return waitWhileBusy(this.#db.clock, () => readExit(this.#db));
  }

  async decideHeld(p: P<'decideHeld'>) {
    return waitWhileBusy(this.#db.clock, () => decideHeld(this.#db, p));
  }

  async claimNextRun(p: P<'claimNextRun'>) {
    return waitWhileBusy(this.#db.clock, () => claimNextRun(this.#db, p));
  }

  async claimRun(p: P<'claimRun'>) {
    return waitWhileBusy(this.#db.clock, () => claimRun(this.#db, p));
  }

  async adoptRun(p: P<'adoptRun'>) {
    return waitWhileBusy(this.#db.clock, () => adoptRun(this.#db, p));
  }

  async readRequest(p: P<'readRequest'>) {
    return waitWhileBusy(this.#db.clock, () => readRequest(this.#db, p.id));
  }

  async putStage(p: P<'putStage'>) {
    return waitWhileBusy(this.#db.clock, () => putStage(this.#db, p));
  }

  async putProgress(p: P<'putProgress'>) {
    return waitWhileBusy(this.#db.clock, () => putProgress(this.#db, p));
  }

  async holdSet(p: P<'holdSet'>) {
    return waitWhileBusy(this.#db.clock, () => holdSet(this.#db, p));
  }

  async endRun(p: P<'endRun'>) {
    return waitWhileBusy(this.#db.clock, () => endRun(this.#db, p));
  }

  async acquireLease(p: P<'acquireLease'>) {
    return waitWhileBusy(this.#db.clock, () => acquireLease(this.#db, p));
  }

  async renewLease(p: P<'renewLease'>) {
    return waitWhileBusy(this.#db.clock, () => renewLease(this.#db, p.guard));
  }

  async releaseLease(p: P<'releaseLease'>) {
    return waitWhileBusy(this.#db.clock, () => releaseLease(this.#db, p.guard));
  }

  async readLease(p: P<'readLease'>) {
    return waitWhileBusy(this.#db.clock, () => findLease(this.#db, p.key));
  }

  async assertLease(p: P<'assertLease'>) {
    return waitWhileBusy(this.#db.clock, () => assertLease(this.#db, p.guard));
  }

  async forceUnlock(p: P<'forceUnlock'>) {
    return waitWhileBusy(this.#db.clock, () => forceUnlock(this.#db, p));
  }

  async definePieces(p: P<'definePieces'>) {
    return waitWhileBusy(this.#db.clock, () => definePieces(this.#db, p));
  }

  async claimPiece(p: P<'claimPiece'>) {
    return waitWhileBusy(this.#db.clock, () => claimPiece(this.#db, p));
  }

  async renewPiece(p: P<'renewPiece'>) {
    return waitWhileBusy(this.#db.clock, () => renewPiece(this.#db, p.guard));
  }

  async commitPiece(p: P<'commitPiece'>) {
    return waitWhileBusy(this.#db.clock, () => commitPiece(this.#db, p));
  }

  async releasePiece(p: P<'releasePiece'>) {
    return waitWhileBusy(this.#db.clock, () => releasePiece(this.#db, p));
  }

  async reopenPieces(p: P<'reopenPieces'>) {
    return waitWhileBusy(this.#db.clock, () => reopenPieces(this.#db, p));
  }

  async listPieces(p: P<'listPieces'>) {
    return waitWhileBusy(this.#db.clock, () => listPieces(this.#db, p));
  }

  async listCommitted(p: P<'listCommitted'>) {
    return waitWhileBusy(this.#db.clock, () => listCommitted(this.#db, p));
  }

  async readPointer(p: P<'readPointer'>) {
    return waitWhileBusy(this.#db.clock, () => readPointer(this.#db, p.key));
  }

  async commitPointer(p: P<'commitPointer'>) {
    return waitWhileBusy(this.#db.clock, () => commitPointer(this.#db, p));
  }

  async listPointers(p: P<'listPointers'>) {
    return waitWhileBusy(this.#db.clock, () => listPointers(this.#db, p.prefix));
  }

  async readDue(p: P<'readDue'>) {
    return waitWhileBusy(this.#db.clock, () => readDue(this.#db, p.key));
  }

  async moveDue(p: P<'moveDue'>) {
    return waitWhileBusy(this.#db.clock, () => moveDue(this.#db, p));
  }

  async sweep() {
    return waitWhileBusy(this.#db.clock, () => sweep(this.#db));
  }

  async pruneRuns(p: P<'pruneRuns'>) {
    return waitWhileBusy(this.#db.clock, () => pruneRuns(this.#db, p));
  }

  async prunePointers(p: P<'prunePointers'>) {
    return waitWhileBusy(this.#db.clock, () => prunePointers(this.#db, p));
  }

  async newGeneration() {
    return waitWhileBusy(this.#db.clock, () => newGeneration(this.#db));
  }

  async readGeneration() {
    return waitWhileBusy(this.#db.clock, () => readGeneration(this.#db));
  }
}
