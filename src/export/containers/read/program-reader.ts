import { pipeline } from 'node:stream/promises';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { Bz2StreamCheck } from '../bz2/stream-check.ts';
import { describeEnd, findProgram, type Program, type ProgramNeed, startFilter } from '../program.ts';
import { readBz2Blocks } from './bz2-blocks.ts';
import {
  type ContainerChunk,
  type ContainerFile,
  damaged,
  type NamedFile,
  type ReadOptions,
} from './container.ts';
import { readPlain } from './plain.ts';

const bz2Need: ProgramNeed = {
  names: ['lbzip2', 'bzip2'],
  purpose: 'to read .bz2 files',
  install: 'lbzip2 (faster) or bzip2',
};
const sevenZipNeed: ProgramNeed = {
  names: ['7zz', '7z', '7za', '7zr'],
  purpose: 'to read .7z files',
  install: '7-Zip (Debian: 7zip or p7zip-full)',
};

/** A bz2 file of one or many streams: by a program, which is faster where it uses all cores, else without one. */
export async function* readBz2(
  file: ContainerFile,
  options: ReadOptions,
): AsyncGenerator<ContainerChunk, void, void> {
  const program = await findProgram(bz2Need, options.searchPath).catch((error: unknown) => {
    if (isRotaError(error, 'PROGRAM_MISSING')) return null;
    throw error;
  });
  if (program === null) yield* readBz2Blocks(file, options);
  else yield* readByProgram(file, readPlain(file, options), options, program);
}

/**
 * bz2 from a pipe.
 * @throws RotaError PROGRAM_MISSING, too: without a program only files can be read
 */
export async function* readBz2Stream(
  file: NamedFile,
  input: AsyncIterable<ContainerChunk>,
  options: ReadOptions,
): AsyncGenerator<ContainerChunk, void, void> {
  yield* readByProgram(file, input, options, await findProgram(bz2Need, options.searchPath));
}

async function* readByProgram(
  file: NamedFile,
  input: AsyncIterable<ContainerChunk>,
  options: ReadOptions,
  program: Program,
): AsyncGenerator<ContainerChunk, void, void> {
  const canThread = program.name === 'lbzip2' && options.threads !== undefined;
  const args = canThread ? ['-d', '-c', '-n', String(options.threads)] : ['-d', '-c'];
  const stop = new AbortController();
  const { child, ended } = startFilter(program, args, AbortSignal.any([options.signal, stop.signal]));
  const check = new Bz2StreamCheck();
  let fileOffset = 0;
  let rawOffset = 0;
  let readFault: unknown = null;
  async function* compressed(): AsyncGenerator<Buffer, void, void> {
    try {
      for await (const chunk of input) {
        check.push(chunk.bytes);
        fileOffset = chunk.fileOffset ?? 0;
        yield chunk.bytes;
      }
    } catch (error) {
      readFault = error;
      throw error;
    }
  }
  const stdin = child.stdin;
  // When the program has closed its stdin, its exit status tells more than the broken pipe.
  const fed = stdin === null ? Promise.resolve() : pipeline(compressed(), stdin).catch(() => undefined);
  try {
    for await (const bytes of child.stdout ?? []) {
      yield { bytes, rawOffset, fileOffset };
      rawOffset += bytes.length;
    }
    const end = await ended;
    await fed;
    options.signal.throwIfAborted();
    if (readFault !== null) throw readFault;
    const { strayAt } = check.finish();
    if (strayAt !== null)
      throw damaged(file, { fileOffset: strayAt, rawOffset }, 'the bz2 data breaks off there');
    if (end.exitCode !== 0 || end.complaint !== '') {
      throw damaged(file, { fileOffset, rawOffset, readAhead: true }, `${program.name} ${describeEnd(end)}`);
    }
  } finally {
    stop.abort();
    await ended.catch(() => undefined);
    await fed;
  }
}

/** The first file of a 7z archive, or all of them one behind the other. */
export async function* read7z(
  file: ContainerFile,
  options: ReadOptions,
): AsyncGenerator<ContainerChunk, void, void> {
  const program = await findProgram(sevenZipNeed, options.searchPath);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const { child, ended } = startFilter(program, ['x', '-so', '-bd', '-y', '--', file.path], signal);
  child.stdin?.end();
  let rawOffset = 0;
  try {
    for await (const bytes of child.stdout ?? []) {
      yield { bytes, rawOffset, fileOffset: null };
      rawOffset += bytes.length;
    }
    const end = await ended;
    options.signal.throwIfAborted();
    if (end.exitCode !== 0) {
      throw damaged(file, { fileOffset: null, rawOffset }, `${program.name} ${describeEnd(end)}`);
    }
  } finally {
    stop.abort();
    await ended.catch(() => undefined);
  }
}
