import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';

export interface RotaOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the command is killed and the test fails. */
  readonly timeoutMs?: number;
  /** A command that runs others, such as one into a network namespace. */
  readonly within?: readonly string[];
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
  const [file = '', ...rest] = [...(options.within ?? []), process.execPath, entry, ...args];
  return execa(file, rest, {
    cwd: options.cwd ?? process.cwd(),
    env: { NO_COLOR: '1', ...options.env },
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: 1 << 30,
    reject: false,
    stdin: 'ignore',
    timeout: options.timeoutMs ?? 300_000,
    killSignal: 'SIGKILL',
    detached: true,
  });
}

/** Sends a signal to the program and to all that it started, whatever process groups they made for themselves. */
export function signalTree(child: { readonly pid?: number | undefined }, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  const all = new Set([child.pid]);
  // Who is to be ended or stopped must not start others meanwhile, which nobody would find once their parent is gone.
  const isStill = signal === 'SIGKILL' || signal === 'SIGSTOP';
  if (isStill) send(child.pid, 'SIGSTOP');
  for (let before = 0; before < all.size; ) {
    before = all.size;
    for (const pid of descendantsOf(child.pid)) {
      if (isStill && !all.has(pid)) send(pid, 'SIGSTOP');
      all.add(pid);
    }
  }
  if (signal !== 'SIGSTOP') for (const pid of all) send(pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it has already ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function descendantsOf(ancestor: number): readonly number[] {
  const childrenOf = new Map<number, number[]>();
  for (const path of globSync('/proc/[0-9]*/stat')) {
    let stat: string;
    try {
      stat = readFileSync(path, 'utf8');
    } catch {
      continue;
    }
    const pid = Number.parseInt(stat, 10);
    // The name in parentheses may hold anything; the parent's id is the second field after it.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  for (let next: readonly number[] = childrenOf.get(ancestor) ?? []; next.length > 0; ) {
    found.push(...next);
    next = next.flatMap((pid) => childrenOf.get(pid) ?? []);
  }
  return found;
}
