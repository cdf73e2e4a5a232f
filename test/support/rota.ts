import { resolve } from 'node:path';
import { execa } from 'execa';

export interface RotaOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the command is killed and the test fails. */
  readonly timeoutMs?: number;
}

export interface RotaResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const entry = resolve(import.meta.dirname, '../../bin/rota.mjs');

/** Runs the command line program to its end, as a user does. A failure is a result here, not an exception. */
export async function runRota(args: readonly string[], options: RotaOptions = {}): Promise<RotaResult> {
  const child = startRota(args, options);
  const result = await child;
  if (result.timedOut) throw new Error(`rota ${args.join(' ')} took longer than ${result.durationMs} ms`);
  const status = result.exitCode ?? 128;
  return {
    status,
    stdout: Buffer.from(result.stdout ?? []),
    stderr: Buffer.from(result.stderr ?? []).toString(),
  };
}

/** Starts the program in a process group of its own; the caller waits for it or kills it. */
export function startRota(args: readonly string[], options: RotaOptions = {}) {
  return execa(process.execPath, [entry, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { NO_COLOR: '1', ...options.env },
    encoding: 'buffer',
    maxBuffer: 1 << 30,
    reject: false,
    stdin: 'ignore',
    timeout: options.timeoutMs ?? 120_000,
    killSignal: 'SIGKILL',
    detached: true,
  });
}

/** SIGKILL (or another signal) for the program and all that it started. */
export function signalGroup(child: { readonly pid?: number | undefined }, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: it has already ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
