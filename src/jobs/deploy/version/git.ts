import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { RotaError } from '../../../core/errors/rota-error.ts';

export interface GitOptions {
  readonly repository: string;
  readonly workTree?: string;
  readonly indexFile?: string;
  readonly input?: Buffer | string;
  /** In place of `input`: a file. */
  readonly inputFile?: string;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A version holds bytes: no setting of the machine or the user may change one on its way in. */
const plainEnvironment = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** Runs git on a repository. @throws RotaError GIT_FAILED, PROGRAM_MISSING; DISK_FULL */
export async function git(args: readonly string[], options: GitOptions): Promise<Buffer> {
  const result = await tryGit(args, options);
  if (result.status === 0) return result.stdout;
  const said = result.stderr.trim();
  if (isDiskFull(said)) {
    throw new RotaError('DISK_FULL', `git ${args[0]} in ${options.repository}: ${lastLine(said)}`);
  }
  throw new RotaError(
    'GIT_FAILED',
    `git ${args[0]} in ${options.repository} failed: ${lastLine(said) || `status ${result.status}`}`,
    {
      facts: { arguments: args, said },
    },
  );
}

/** Whether git ended because its disk has no room. */
export function isDiskFull(said: string): boolean {
  return /No space left on device|Disk quota exceeded|Out of diskspace/.test(said);
}

/** The same for commands whose status is an answer. Whatever it prints is held in memory. */
export async function tryGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const { repository, workTree, indexFile, input, inputFile, signal } = options;
  signal?.throwIfAborted();
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_'));
  const file = inputFile === undefined ? null : openSync(inputFile, 'r');
  const stdin = file ?? (input === undefined ? 'ignore' : 'pipe');
  // Started by hand: the library that starts programs elsewhere is a hundred modules, which every deployment would load for git.
  const child = spawn(
    'git',
    ['--git-dir', repository, ...(workTree === undefined ? [] : ['--work-tree', workTree]), ...args],
    {
      cwd: workTree ?? '/',
      env: {
        ...Object.fromEntries(inherited),
        ...plainEnvironment,
        ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
        ...options.env,
      },
      stdio: [stdin, 'pipe', 'pipe'],
    },
  );
  if (file !== null) closeSync(file);
  const stop = () => void child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    // Git may end before it has read all of its input; how it ended tells whether that is a fault.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
    const ended = await endOf(child);
    signal?.throwIfAborted();
    if (ended.status === null)
      throw new RotaError('GIT_FAILED', `git ${args[0]} was ended by ${ended.signal ?? 'something'}`);
    return {
      status: ended.status,
      stdout: Buffer.concat(stdout),
      stderr: Buffer.concat(stderr).toString(),
    };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function endOf(child: ChildProcess) {
  return await new Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'ENOENT'
            ? new RotaError('PROGRAM_MISSING', 'git is not installed: deployments need it')
            : new RotaError('GIT_FAILED', `git cannot be started: ${error.message}`, { cause: error }),
        ),
      );
      child.once('close', (status, signal) => resolve({ status, signal }));
    },
  );
}

/** What comes, as it comes; all of it when the program's end is told. */
function gather(stream: Readable | null): readonly Buffer[] {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
