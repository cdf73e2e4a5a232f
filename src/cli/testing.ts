import { Writable } from 'node:stream';
import { ManualClock } from '../core/manual-clock.ts';
import type { RegisterCommand } from './command-module.ts';
import { commands as allCommands } from './commands/index.ts';
import type { OutputStream } from './io.ts';
import { runCommandLine } from './program.ts';

export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Keeps what is written to it. */
export class CapturedStream extends Writable implements OutputStream {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 80;

  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs a command line in this process, as `rota ARGS` in a folder would, for tests. */
export async function runRota(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly commands?: readonly RegisterCommand[];
    readonly signal?: AbortSignal;
  } = {},
): Promise<CommandResult> {
  const [stdout, stderr] = [new CapturedStream(), new CapturedStream()];
  const status = await runCommandLine(args, {
    io: { stdout, stderr, env: options.env ?? {}, cwd: options.cwd ?? '/' },
    clock: new ManualClock(),
    signal: options.signal ?? new AbortController().signal,
    version: '1.2.3',
    commands: options.commands ?? allCommands,
  });
  return { status, stdout: stdout.text, stderr: stderr.text };
}
