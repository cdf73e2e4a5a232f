import type { Clock } from '../../../core/clock.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';

/** How rsync reaches a host. */
export interface RsyncRemote {
  /** What ssh is started with; null: the host is a folder of this machine. */
  readonly ssh: readonly string[] | null;
  /** The host, as ssh is told. */
  readonly destination: string;
  /** As whom files are written there; null: who logs in. */
  readonly become: string | null;
}

export interface RsyncOptions {
  /** Files or folders of this machine; a folder with a slash at its end is its contents. */
  readonly from: readonly string[];
  /** The absolute path of a folder on the host. */
  readonly to: string;
  /** Another folder there, relative to `to`, from which files that are the same are taken; null: none. */
  readonly copyFrom: string | null;
  /** What `from` does not have goes from `to`. */
  readonly mirror: boolean;
  /** Compare files by reading them, instead of trusting sizes and times. */
  readonly checksum: boolean;
}

/**
 * Makes a folder on a host equal to one of this machine. Modes are those of a version (0755, 0644) whatever the umask was here.
 * @returns bytes that were sent @throws RotaError HOST_UNREACHABLE, TARGET_DISK_FULL, TARGET_FAILED, PROGRAM_MISSING
 */
export async function rsync(
  host: string,
  remote: RsyncRemote,
  options: RsyncOptions,
  signal: AbortSignal,
): Promise<number> {
  // Loaded by those few that use it: it is a hundred modules.
  const { execa } = await import('execa');
  const result = await execa('rsync', rsyncArguments(remote, options), {
    reject: false,
    stdin: 'ignore',
    cancelSignal: signal,
    env: { LC_ALL: 'C' },
  });
  signal.throwIfAborted();
  if (result.exitCode === 0) {
    const [, sent] = /^Total bytes sent: ([\d,]+)$/m.exec(result.stdout) ?? [];
    return Number((sent ?? '0').replaceAll(',', ''));
  }
  if (result.exitCode === undefined && (result as unknown as { readonly code?: string }).code === 'ENOENT')
    throw new RotaError('PROGRAM_MISSING', 'rsync is not installed: this environment has transport: rsync');
  const said = result.stderr.trim();
  const facts = { host, step: 'rsync', status: result.exitCode ?? null };
  const [first = 'it said nothing'] = said.split('\n').filter((line) => line !== '');
  if (/No space left on device|Disk quota exceeded/.test(said))
    throw new RotaError('TARGET_DISK_FULL', `${host} has no room left (step rsync): make room, then resume`, {
      facts,
    });
  // 255 is ssh's; 10, 12, 30 and 35 say that the connection broke or nothing came.
  if ([255, 10, 12, 30, 35].includes(result.exitCode ?? -1) && remote.ssh !== null)
    throw new RotaError('HOST_UNREACHABLE', `${host} cannot be reached by rsync: ${first}`, { facts });
  throw new RotaError(
    'TARGET_FAILED',
    `Step rsync on ${host} ended with status ${result.exitCode}: ${first}`,
    {
      facts,
    },
  );
}

/** Ends work that takes too long. @throws RotaError TARGET_TIMEOUT */
export async function within<T>(
  clock: Clock,
  p: {
    readonly work: Promise<T>;
    readonly deadlineMs: number;
    readonly late: AbortController;
    readonly host: string;
  },
): Promise<T> {
  const finished = new AbortController();
  const timer = clock.sleep(p.deadlineMs, finished.signal).then(
    () => p.late.abort(),
    () => {},
  );
  try {
    return await p.work;
  } catch (error) {
    if (!p.late.signal.aborted) throw error;
    throw new RotaError(
      'TARGET_TIMEOUT',
      `${p.host} did not finish rsync within ${p.deadlineMs / 1000} s: it hangs, or is too slow for this deadline`,
      { facts: { host: p.host, step: 'rsync' } },
    );
  } finally {
    finished.abort();
    await timer;
  }
}

/** What rsync is started with. */
export function rsyncArguments(remote: RsyncRemote, p: RsyncOptions): readonly string[] {
  const { ssh, become, destination } = remote;
  const bracketed =
    destination.includes(':') && !destination.includes('[') ? withBrackets(destination) : destination;
  return [
    '--recursive',
    '--links',
    '--perms',
    '--times',
    '--stats',
    '--chmod=Du=rwx,Dgo=rx,Fu=rwX,Fgo=rX',
    '--no-implied-dirs',
    // Paths are told to the other side by rsync itself: no shell there reads them.
    '--secluded-args',
    ...(p.mirror ? ['--delete', '--force'] : []),
    ...(p.checksum ? ['--checksum'] : []),
    ...(p.copyFrom === null ? [] : [`--copy-dest=${p.copyFrom}`]),
    ...(ssh === null ? [] : ['-e', ssh.map(rsyncWord).join(' ')]),
    ...(become === null ? [] : [`--rsync-path=sudo -n -u '${become.replaceAll("'", `'\\''`)}' rsync`]),
    '--',
    ...p.from,
    ssh === null ? p.to : `${bracketed}:${p.to}`,
  ];
}

/** rsync splits its command for ssh itself: quotes group, and a quote within quotes is written twice. */
function rsyncWord(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}

function withBrackets(destination: string): string {
  const at = destination.lastIndexOf('@');
  return `${destination.slice(0, at + 1)}[${destination.slice(at + 1)}]`;
}
