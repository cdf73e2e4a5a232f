import { spawn } from 'node:child_process';
import type { RunId } from '../core/ids.ts';
import type { RunChild } from './run-worker.ts';
import { type LeaseGuard, runLeaseKey } from './store/lease.ts';
import type { ClaimedRun } from './store/run-store.ts';

const tokenVariable = 'ROTA_RUN_TOKEN';

/** Starts a fresh process for a claimed run, which finds its lease with `inheritedGuard`. */
export function spawnRun(p: {
  readonly claimed: ClaimedRun;
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}): RunChild {
  return startProcess({ ...p, env: { ...p.env, [tokenVariable]: p.claimed.guard.token } });
}

/** Starts a process that works beside this one, such as a helper for the pieces of a run. */
export function startProcess(p: {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}): RunChild {
  const [program, ...args] = p.argv;
  const child = spawn(program, args, {
    ...(p.cwd === undefined ? {} : { cwd: p.cwd }),
    env: p.env,
    // Its own group: Ctrl-C in the worker's terminal reaches it once, through the worker.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = new Promise<Awaited<RunChild['exited']>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  return { pid: child.pid, exited, kill: (signal) => void child.kill(signal) };
}

/** The lease that the worker handed to this process, if one did. */
export function inheritedGuard(runId: RunId, env: Readonly<NodeJS.ProcessEnv>): LeaseGuard | undefined {
  const token = env[tokenVariable];
  return token === undefined ? undefined : { key: runLeaseKey(runId), token };
}
