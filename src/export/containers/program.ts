import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { killGroup } from '../../control/process-groups.ts';
import { RotaError } from '../../core/errors/rota-error.ts';

/** A program that was found on this machine. */
export interface Program {
  readonly name: string;
  readonly path: string;
}

export interface ProgramNeed {
  /** Names in order of preference. */
  readonly names: readonly string[];
  /** What it is needed for, as in "to read .7z files". */
  readonly purpose: string;
  /** What to install, as in "lbzip2 or bzip2". */
  readonly install: string;
}

/** What stderr may take of memory; the rest of what a program says is dropped. */
const keptComplaintBytes = 4096;

/**
 * The first of the programs that the search path has.
 * @param searchPath as in the environment variable PATH
 * @throws RotaError PROGRAM_MISSING
 */
export async function findProgram(need: ProgramNeed, searchPath: string): Promise<Program> {
  for (const name of need.names) {
    for (const folder of searchPath.split(delimiter)) {
      const path = join(folder === '' ? '.' : folder, name);
      const runs = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) return { name, path };
    }
  }
  throw new RotaError(
    'PROGRAM_MISSING',
    `None of the programs ${need.names.join(', ')} is on the search path, one is needed ${need.purpose}; install ${need.install}.`,
    { facts: { programs: need.names } },
  );
}

/** How a program ended: what it said on stderr (its beginning) and its exit status or the signal that ended it. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly complaint: string;
}

export interface FilterOptions {
  /**
   * In a process group of its own, which is killed as a whole: for programs that are started by a script, as p7zip's.
   */
  readonly ownGroup?: boolean;
}

/**
 * Starts a filter with pipes on all three streams. Nothing of the environment is passed on, because variables like
 * BZIP2 or LBZIP2 change what compressors do. `ended` never rejects, except when the program could not be started.
 */
export function startFilter(
  program: Program,
  args: readonly string[],
  signal: AbortSignal,
  options: FilterOptions = {},
): { child: ChildProcess; ended: Promise<ProgramEnd> } {
  const detached = options.ownGroup === true;
  const child = spawn(program.path, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { LC_ALL: 'C' },
    detached,
  });
  const complaints: Buffer[] = [];
  let kept = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    if (kept < keptComplaintBytes) complaints.push(chunk.subarray(0, keptComplaintBytes - kept));
    kept += chunk.length;
  });
  // A program that dies closes its stdin: the write error (EPIPE) says less than the exit status, which follows.
  child.stdin.on('error', () => undefined);
  const kill = () => {
    const running = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    if (detached && running) killGroup(child.pid);
    else child.kill('SIGKILL');
  };
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill, { once: true });
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', (error) => {
      signal.removeEventListener('abort', kill);
      const message = `${program.path} could not be started (${error.message}); check the program and the limits on processes.`;
      reject(new RotaError('COMPRESSOR_FAILED', message, { cause: error, facts: { program: program.path } }));
    });
    child.once('close', (exitCode, endSignal) => {
      signal.removeEventListener('abort', kill);
      const complaint = Buffer.concat(complaints).toString('utf8').trim();
      resolve({ exitCode, signal: endSignal, complaint });
    });
  });
  // Whoever awaits `ended` later still sees the failure; until then it must not count as unhandled.
  ended.catch(() => undefined);
  return { child, ended };
}

/** "was killed by SIGKILL", "ended with exit status 2: …". */
export function describeEnd(end: ProgramEnd): string {
  const how = end.signal === null ? `ended with exit status ${end.exitCode}` : `was killed by ${end.signal}`;
  const said = end.complaint.replace(/\s+/g, ' ').slice(0, 300);
  return said === '' ? how : `${how} and said: ${said}`;
}

/**
 * Sends bytes through a filter.
 * @throws RotaError COMPRESSOR_FAILED; the signal's reason when it was aborted
 */
export async function filterBytes(
  program: Program,
  args: readonly string[],
  input: Buffer,
  signal: AbortSignal,
): Promise<Buffer> {
  signal.throwIfAborted();
  const { child, ended } = startFilter(program, args, signal);
  const output: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin?.end(input);
  const end = await ended;
  signal.throwIfAborted();
  if (end.exitCode !== 0) {
    throw new RotaError(
      'COMPRESSOR_FAILED',
      `${program.name} ${describeEnd(end)}, while it was given ${input.length} bytes; run again, or check memory.`,
      { facts: { program: program.path, exitCode: end.exitCode, signal: end.signal } },
    );
  }
  return Buffer.concat(output);
}
