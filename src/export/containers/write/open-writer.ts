import type { Writable } from 'node:stream';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { Bz2Compressor, findBz2Program } from '../bz2/compressor.ts';
import type { ContainerFormat } from '../read/container.ts';
import { findSevenZip } from '../seven-zip/write-archive.ts';
import { FileSink, StreamSink } from './byte-sink.ts';
import { Bz2FileWriter } from './bz2-writer.ts';
import type { DumpWriter, MultistreamFile } from './dump-writer.ts';
import { SevenZipWriter } from './seven-zip-writer.ts';
import { GzFileWriter, PlainWriter, ZstFileWriter } from './simple-writers.ts';

export interface WriteOptions {
  readonly signal: AbortSignal;
  /** Where the programs for bz2 and 7z are looked for. */
  readonly searchPath: string;
  /** Compressors at once (bz2, 7z). */
  readonly threads: number;
}

/** A path, or a stream that stays open. */
export type WriteTarget = string | Writable;

/** What a name's ending says; plain where it says nothing. */
export function formatOfName(name: string): ContainerFormat {
  const ending = /\.(bz2|gz|zst|7z)$/.exec(name)?.[1];
  return (ending as ContainerFormat | undefined) ?? 'plain';
}

/** The ending of a format's names, with its dot. */
export function endingOf(format: ContainerFormat): string {
  return format === 'plain' ? '' : `.${format}`;
}

/** @throws RotaError PROGRAM_MISSING, OUTPUT_UNWRITABLE, USAGE (7z to a pipe) */
export async function openWriter(
  target: WriteTarget,
  format: ContainerFormat,
  options: WriteOptions,
): Promise<DumpWriter> {
  if (format === 'bz2') return openBz2(target, options);
  if (format === '7z') {
    if (typeof target !== 'string')
      throw new RotaError('USAGE', 'a 7z archive cannot be written to a pipe; name a file with -o');
    const program = await findSevenZip(options.searchPath);
    return SevenZipWriter.open({ ...options, path: target, program });
  }
  const sink = await openSink(target, options);
  if (format === 'zst') return new ZstFileWriter(sink);
  return format === 'gz' ? new GzFileWriter(sink) : new PlainWriter(sink);
}

/** @param index where the lines of the index go: a writer that is owned from now on */
export async function openBz2(
  target: WriteTarget,
  options: WriteOptions,
  index?: DumpWriter,
): Promise<MultistreamFile> {
  try {
    const program = await findBz2Program(options.searchPath);
    const concurrency = options.threads;
    const compressor = new Bz2Compressor({ program, concurrency, signal: options.signal });
    const sink = await openSink(target, options);
    return new Bz2FileWriter({ sink, compressor, concurrency, ...(index === undefined ? {} : { index }) });
  } catch (error) {
    await index?.[Symbol.asyncDispose]();
    throw error;
  }
}

async function openSink(target: WriteTarget, options: WriteOptions) {
  return typeof target === 'string' ? FileSink.open(target) : new StreamSink(target, options.signal);
}
