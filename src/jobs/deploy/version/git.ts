import { execa } from 'execa';
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
  if (/No space left on device|Disk quota exceeded/.test(said)) {
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

/** The same for commands whose status is an answer. */
export async function tryGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const { repository, workTree, indexFile, input, inputFile, signal } = options;
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_'));
  const result = await execa(
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
      extendEnv: false,
      encoding: 'buffer',
      stripFinalNewline: false,
      maxBuffer: 1 << 30,
      reject: false,
      ...stdinOf(input, inputFile),
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    },
  );
  signal?.throwIfAborted();
  if (result.exitCode === undefined) {
    const { code } = result as unknown as { readonly code?: string };
    if (code === 'ENOENT')
      throw new RotaError('PROGRAM_MISSING', 'git is not installed: deployments need it');
    throw new RotaError('GIT_FAILED', `git ${args[0]} was ended by ${result.signal ?? code ?? 'something'}`);
  }
  return {
    status: result.exitCode,
    stdout: Buffer.from(result.stdout ?? []),
    stderr: Buffer.from(result.stderr ?? []).toString(),
  };
}

function stdinOf(input: GitOptions['input'], inputFile: string | undefined) {
  if (inputFile !== undefined) return { inputFile };
  return input === undefined ? { stdin: 'ignore' as const } : { input };
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
