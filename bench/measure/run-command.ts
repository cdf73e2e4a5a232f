import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { cpuSecondsOf, cpuSecondsOfEndedChildren, memoryOf, processTree } from './process-tree.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Exit statuses that count as done. Default: 0 only. */
  readonly statuses?: readonly number[];
}

/** One run of a command. */
export interface Measurement {
  readonly wallSeconds: number;
  /** User and system, of the command and every process that it started and waited for. */
  readonly cpuSeconds: number;
  /** Of the database server, while the command ran: with whatever else it did then. */
  readonly serverCpuSeconds: number;
  /** The largest process's peak, and the most that all of them had at one time, in bytes. */
  readonly peakBytes: number;
  readonly treeBytes: number;
}

const sampleEveryMs = 50;

/** Runs a command to its end, with its output thrown away, and accounts for it. Only one at a time. */
export async function runCommand(command: Command, serverPid: number | null): Promise<Measurement> {
  const server = () => (serverPid === null ? 0 : cpuSecondsOf(serverPid));
  const cpuBefore = cpuSecondsOfEndedChildren();
  const serverBefore = server();
  const nothing = openSync('/dev/null', 'w');
  const startedMs = performance.now();
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', nothing, 'pipe'],
    env: { ...process.env, ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
  });
  closeSync(nothing);
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('utf8')).slice(-2000);
  });
  let peakBytes = 0;
  let treeBytes = 0;
  const sample = () => {
    if (child.pid === undefined) return;
    const memories = processTree(child.pid).map(memoryOf);
    peakBytes = Math.max(peakBytes, ...memories.map((memory) => memory.peak));
    const together = memories.reduce((sum, memory) => sum + memory.now, 0);
    treeBytes = Math.max(treeBytes, together);
  };
  const timer = setInterval(sample, sampleEveryMs);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const wallSeconds = (performance.now() - startedMs) / 1000;
    if (!(command.statuses ?? [0]).includes(status ?? -1)) {
      // Not its arguments: they may hold a password.
      throw new Error(`${command.program} ended with ${status}: ${said}`);
    }
    return {
      wallSeconds,
      cpuSeconds: cpuSecondsOfEndedChildren() - cpuBefore,
      serverCpuSeconds: server() - serverBefore,
      peakBytes,
      treeBytes,
    };
  } finally {
    clearInterval(timer);
  }
}
