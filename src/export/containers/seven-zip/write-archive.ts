import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { describeEnd, findProgram, type Program, startFilter } from '../program.ts';

export interface ArchiveOptions {
  readonly program: Program;
  /** A new file; its name without `.7z` becomes the name of the content. */
  readonly path: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Told of the program's process group; what it gives is disposed of when the program has ended. */
  readonly own: (pgid: number) => Disposable;
}

/**
 * The program that writes 7z archives.
 * @throws RotaError PROGRAM_MISSING
 */
export function findSevenZip(searchPath: string): Promise<Program> {
  const need = {
    names: ['7zz', '7z', '7za', '7zr'],
    purpose: 'for .7z files',
    install: '7-Zip (Debian: 7zip or p7zip-full)',
  };
  return findProgram(need, searchPath);
}

/** As in the field: level 4 is nearly as small as the highest, at a fraction of the time. */
const level = '-mx=4';

/**
 * Compresses a stream into a 7z archive with one file in it. The archive holds no times, so equal content gives equal
 * archives. Memory: that of the program, some 100 MB a thread.
 * @throws RotaError COMPRESSOR_FAILED; what the source throws; the signal's reason when it was aborted
 */
export async function writeSevenZip(source: AsyncIterable<Buffer>, options: ArchiveOptions): Promise<void> {
  const { program, path } = options;
  options.signal.throwIfAborted();
  const stop = new AbortController();
  const args = [
    'a',
    '-t7z',
    '-si',
    level,
    `-mmt=${options.threads}`,
    ...withoutTimes,
    '-bd',
    '-y',
    '--',
    path,
  ];
  const { child, ended } = startFilter(program, args, AbortSignal.any([options.signal, stop.signal]), {
    ownGroup: true,
  });
  using _owned = child.pid === undefined ? undefined : options.own(child.pid);
  // What it tells of its progress.
  child.stdout?.resume();
  let readFault: unknown = null;
  const fed = (async () => {
    try {
      if (child.stdin !== null)
        await pipeline(
          watched(source, (error) => (readFault = error)),
          child.stdin,
        );
    } catch {
      // A fault of the source was noted; a broken pipe says less than the exit status, which follows.
      if (readFault !== null) stop.abort();
    }
  })();
  try {
    const end = await ended;
    await fed;
    options.signal.throwIfAborted();
    if (readFault !== null) {
      // The program took the end of its input for the end of the content.
      await rm(path, { force: true });
      throw readFault;
    }
    if (end.exitCode === 0) return;
    throw new RotaError(
      'COMPRESSOR_FAILED',
      `${program.name} ${describeEnd(end)}, while it wrote ${path}; resume the run, or check memory and disk.`,
      { facts: { program: program.path, exitCode: end.exitCode, signal: end.signal, path } },
    );
  } finally {
    stop.abort();
    await ended.catch(() => undefined);
    await fed;
  }
}

const withoutTimes = ['-mtm=off', '-mtc=off', '-mta=off'];

async function* watched(
  source: AsyncIterable<Buffer>,
  onFault: (error: unknown) => void,
): AsyncGenerator<Buffer, void, void> {
  try {
    yield* source;
  } catch (error) {
    onFault(error);
    throw error;
  }
}
