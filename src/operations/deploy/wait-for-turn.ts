import { hostname } from 'node:os';
import type { Holder, LeaseGuard } from '../../control/store/lease.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { RunView } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';
import { durationText } from '../../core/duration-text.ts';
import { isRotaError, RotaError } from '../../core/errors/rota-error.ts';
import { type LockRecord, lockKey } from '../../jobs/deploy/records.ts';
import { deploymentsOf } from './deployments-of.ts';

/** What a deployment that waits for its turn is told while it waits. */
export type TellWait = (sentence: string) => void;

export interface Turn {
  readonly store: RunStore;
  readonly environment: { readonly name: string };
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Waits while somebody has locked the environment or deploys, and says so; where left out, that is refused. */
  readonly wait?: TellWait;
}

const lookEveryMs = 1_000;
/** While nothing changes, who waits hears of it that often. */
const tellEveryMs = 60_000;
/** One that was begun so lately is about to be worked on. */
const beginsWithinMs = 10_000;

/**
 * Returns when nobody has locked the environment and no living process deploys to it. Where the process of a deployment on this
 * machine is dead, its lease has yet to end: that is waited for in any case.
 * @throws RotaError DEPLOY_LOCKED, RUN_BUSY; the signal's reason
 */
export async function waitForTurn(turn: Turn): Promise<void> {
  const { clock, signal, wait } = turn;
  let told = { cause: '', atMs: Number.NEGATIVE_INFINITY };
  for (;;) {
    signal.throwIfAborted();
    const obstacle = await obstacleOf(turn);
    if (obstacle === null) return;
    const { cause, patient } = obstacle;
    if (!patient) {
      if (wait === undefined) throw obstacle.error;
      const nowMs = clock.monotonicMs();
      if (told.cause !== cause || nowMs - told.atMs >= tellEveryMs) {
        wait(`waiting: ${obstacle.error.message}`);
        told = { cause, atMs: nowMs };
      }
    }
    await clock.sleep(patient ? patient : lookEveryMs, signal);
  }
}

/** Whether nothing is in the way now. */
export async function isMyTurn(turn: Turn): Promise<boolean> {
  return (await obstacleOf(turn)) === null;
}

interface Obstacle {
  /** The same as long as it is the same obstacle. */
  readonly cause: string;
  readonly error: RotaError;
  /** It goes by itself after so many milliseconds; 0: that is not known. */
  readonly patient: number;
}

async function obstacleOf({ store, environment, clock, wait }: Turn): Promise<Obstacle | null> {
  const lock = await readLock(store, environment.name);
  if (lock !== null)
    return { cause: `lock ${lock.at}`, error: lockedBy(environment.name, lock, clock), patient: 0 };
  const runs = await deploymentsOf(store, environment.name);
  const working = runs.find((run) => run.lease?.alive === true);
  if (working !== undefined) {
    const { lease } = working;
    const isDead = lease !== undefined && lease.holder.host === hostname() && !isAlive(lease.holder.pid);
    const patient = isDead ? Math.max(50, Math.min(1_000, lease.expiresInMs)) : 0;
    return { cause: working.id, error: busy(working, clock), patient };
  }
  // Others that waited may have come first: who was asked to wait takes nothing away from them.
  const begun = runs.find(
    (run) => run.state === 'waiting' && clock.now().getTime() - run.createdAt.getTime() < beginsWithinMs,
  );
  if (wait !== undefined && begun !== undefined)
    return { cause: begun.id, error: busy(begun, clock), patient: 0 };
  return null;
}

export async function readLock(store: RunStore, environment: string): Promise<LockRecord | null> {
  return ((await store.readPointer({ key: lockKey(environment) })) ?? null) as LockRecord | null;
}

export function lockedBy(environment: string, { by, at, reason }: LockRecord, clock: Clock): RotaError {
  return new RotaError(
    'DEPLOY_LOCKED',
    `${environment} is locked by ${by} since ${at}${age(new Date(at), clock)}: ${reason}`,
  );
}

function busy(run: RunView, clock: Clock): RotaError {
  const { holder } = run;
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new RotaError(
    'RUN_BUSY',
    `${run.id} is being worked on by ${who}${age(run.startedAt ?? run.createdAt, clock)}: wait for it (--wait), or cancel it (rota run cancel ${run.id})`,
  );
}

function age(since: Date, clock: Clock): string {
  const ms = clock.now().getTime() - since.getTime();
  return Number.isFinite(ms) ? ` (for ${durationText(ms)})` : '';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Works while nobody else begins or locks: a moment, which others wait for. */
export async function whileBeginning<T>(
  turn: Turn & { readonly holder: Holder },
  action: (guard: LeaseGuard) => Promise<T>,
): Promise<T> {
  const { store, holder, clock, signal } = turn;
  const key = lockKey(turn.environment.name);
  for (;;) {
    try {
      const guard = await store.acquireLease({ key, holder, leaseMs: beginsWithinMs });
      try {
        return await action(guard);
      } finally {
        await store.releaseLease({ guard });
      }
    } catch (error) {
      if (!isRotaError(error, 'LEASE_HELD')) throw error;
    }
    await clock.sleep(50, signal);
  }
}
