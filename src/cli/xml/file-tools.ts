import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { WriteTarget } from '../../export/containers/write/open-writer.ts';
import { type DumpSource, type FileTools, openSource } from '../../files/dump-source.ts';
import type { Cli } from '../cli.ts';
import { sameFile } from '../output/same-file.ts';

export function fileTools(cli: Cli): FileTools {
  return {
    signal: cli.signal,
    searchPath: cli.io.env.PATH ?? '',
    threads: availableParallelism(),
    stdin: cli.io.stdin ?? noInput(),
  };
}

/** @param named a path, or - for standard input */
export function openDump(cli: Cli, named: string): Promise<DumpSource> {
  return openSource(named, resolve(cli.io.cwd, named), fileTools(cli));
}

/** @throws RotaError USAGE when standard input is named twice: each would get some of it */
export function refuseTwiceStdin(files: readonly string[]): void {
  if (files.filter((file) => file === '-').length > 1) {
    throw new RotaError('USAGE', 'standard input (-) can be read only once; name files');
  }
}

/**
 * Where a tool writes: a path, or standard output for `-`.
 * @throws RotaError USAGE when it would write over what it reads
 */
export function outputPath(cli: Cli, named: string, inputs: readonly string[]): WriteTarget {
  if (named === '-') return cli.io.stdout;
  const path = resolve(cli.io.cwd, named);
  const isInput = inputs.some((input) => input !== '-' && sameFile(resolve(cli.io.cwd, input), path));
  if (isInput) throw new RotaError('USAGE', `${named} is read: name another file for the output`);
  return path;
}

/** Waits for whoever reads standard output, so that long lists do not pile up in memory. */
export async function drained(cli: Cli): Promise<void> {
  const { stdout } = cli.io;
  if (stdout.writableNeedDrain) await once(stdout, 'drain', { signal: cli.signal });
}

async function* noInput(): AsyncGenerator<Buffer, void, void> {}
