import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { wikiNamed } from '../config/wiki-named.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { exportWiki } from '../dumping/stream/export-wiki.ts';
import { outputFailure } from '../dumping/threads/descriptor.ts';
import type { FailedRevision } from '../dumping/threads/failed-revision.ts';
import type { StreamCompression } from '../dumping/threads/messages.ts';
import type { Cli } from './cli.ts';
import { ExportMeter } from './output/export-meter.ts';

export interface ExportCommandOptions {
  readonly full?: boolean;
  readonly current?: boolean;
  readonly logs?: boolean;
  readonly stub?: boolean;
  readonly uploads?: boolean;
  readonly includeFiles?: boolean;
  readonly start?: number;
  readonly end?: number;
  readonly schema: '0.10' | '0.11';
  readonly profile: 'one-pass' | 'text-pass';
  readonly asMediawiki?: boolean;
  readonly threads?: number;
  readonly output: string;
  readonly failed?: string;
}

/** Failed revisions that are told one by one on standard error; the list has them all. */
const toldFailures = 20;

/** Writes the stream to its file (complete or not at all) or to standard output, and tells what failed. */
export async function runExport(
  cli: Cli,
  wikiName: string,
  options: ExportCommandOptions,
): Promise<ExitStatus> {
  const what = whatOf(options);
  const wiki = wikiNamed(await cli.farm(), wikiName);
  if (options.includeFiles && wiki.imagesFolder === null) {
    throw new RotaError(
      'USAGE',
      `--include-files needs the folder of ${wiki.name}'s uploads: set images in rota.yaml`,
    );
  }
  await using log = await cli.openLog();
  const toStdout = options.output === '-';
  const failed = options.failed ?? (toStdout ? null : `${options.output}.failed.jsonl`);
  using target = new ExportTarget(toStdout ? null : resolve(cli.io.cwd, options.output));
  using failures = new FailureList(failed === null ? null : resolve(cli.io.cwd, failed));
  using meter = new ExportMeter(cli.io.stderr, cli.clock, wikiName);
  const totals = await exportWiki(wiki, {
    what,
    texts: options.stub ? 'stub' : 'full',
    uploads: (options.uploads ?? false) || (options.includeFiles ?? false),
    includeFiles: options.includeFiles ?? false,
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.end === undefined ? {} : { end: options.end }),
    schema: options.schema,
    profile: options.profile,
    asMediawiki: options.asMediawiki ?? false,
    compression: compressionOf(options.output),
    threads: options.threads ?? defaultThreads(options),
    descriptor: target.descriptor,
    signal: cli.signal,
    log: log.log,
    onProgress: (progress) => meter.show(progress),
    onFailed: (list) => {
      for (const one of list) {
        failures.add(one);
        if (failures.count <= toldFailures) meter.remark(describeFailure(one));
      }
    },
    onRemark: (text) => meter.remark(text),
  });
  target.publish();
  failures.close();
  meter.end(totals);
  if (failures.count === 0) return exitStatus.done;
  const where = failed === null ? 'name a list with --failed to keep them' : `see ${failed}`;
  cli.out.remark(`rota: ${failures.count} faults in revisions were met, the rest is written; ${where}`);
  return exitStatus.doneWithErrors;
}

/** One a core: texts of the next chunk come in while one is rendered. Without texts one thread keeps up with the reader. */
function defaultThreads(options: ExportCommandOptions): number {
  return options.stub ? 1 : availableParallelism();
}

function whatOf(options: ExportCommandOptions): 'full' | 'current' | 'logs' {
  const asked = (['full', 'current', 'logs'] as const).filter((what) => options[what] === true);
  if (asked.length > 1) {
    throw new RotaError('USAGE', `--${asked.join(' and --')} exclude one another; give one of them`);
  }
  const what = asked[0] ?? 'full';
  if (what === 'logs' && (options.stub || options.uploads)) {
    throw new RotaError('USAGE', '--stub and --uploads go with pages, not with --logs');
  }
  if (options.start !== undefined && options.end !== undefined && options.end <= options.start) {
    throw new RotaError(
      'USAGE',
      `--end ${options.end} is not after --start ${options.start}; --end is excluded`,
    );
  }
  return what;
}

function compressionOf(output: string): StreamCompression {
  if (output.endsWith('.zst')) return 'zst';
  if (output.endsWith('.gz')) return 'gz';
  if (/\.(bz2|7z|xz)$/.test(output)) {
    throw new RotaError(
      'USAGE',
      `${output}: write this format through its program: rota export … -o - | lbzip2 > FILE.bz2 (or use rota dump)`,
    );
  }
  return 'none';
}

function describeFailure(failure: FailedRevision): string {
  const where = failure.page > 0 ? `page ${failure.page}, revision ${failure.revision}` : failure.detail;
  return `${failure.kind}: ${where}${failure.role === '' ? '' : ` (${failure.role})`}: ${failure.code}`;
}

/** The file appears under its name when it is whole; until then, and if it fails, there is none. */
class ExportTarget implements Disposable {
  readonly descriptor: number;
  readonly #path: string | null;
  #open = true;

  constructor(path: string | null) {
    this.#path = path;
    this.descriptor = path === null ? 1 : openTarget(partial(path));
  }

  publish(): void {
    if (this.#path === null) return;
    try {
      fsyncSync(this.descriptor);
    } catch (error) {
      // A device or a pipe cannot be synced, and need not be.
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw outputFailure(error);
    }
    this.#close();
    if (partial(this.#path) !== this.#path) renameSync(partial(this.#path), this.#path);
  }

  [Symbol.dispose](): void {
    if (this.#path === null || !this.#open) return;
    this.#close();
    if (partial(this.#path) !== this.#path) rmSync(partial(this.#path), { force: true });
  }

  #close(): void {
    this.#open = false;
    closeSync(this.descriptor);
  }
}

/** A device such as /dev/null is written to as it is. */
function partial(path: string): string {
  return path.startsWith('/dev/') ? path : `${path}.part`;
}

function openTarget(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw outputFailure(error);
  }
}

class FailureList implements Disposable {
  readonly #path: string | null;
  #file: number | null = null;
  count = 0;

  constructor(path: string | null) {
    this.#path = path;
    if (path !== null) rmSync(path, { force: true });
  }

  add(failure: FailedRevision): void {
    this.count += 1;
    if (this.#path === null) return;
    // Private: details name addresses in the database.
    this.#file ??= openSync(this.#path, 'w', 0o600);
    writeSync(this.#file, `${JSON.stringify(failure)}\n`);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
