import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { FarmConfig, WikiConfig } from '../config/farm-config.ts';
import { wikiNamed } from '../config/wiki-named.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { exportWiki } from '../dumping/stream/export-wiki.ts';
import type { FailedRevision } from '../dumping/threads/failed-revision.ts';
import type { StreamCompression } from '../dumping/threads/messages.ts';
import type { Cli } from './cli.ts';
import { ExportMeter } from './output/export-meter.ts';
import { ExportTarget } from './output/export-target.ts';
import { FailureList } from './output/failure-list.ts';
import { sameFile } from './output/same-file.ts';

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
  const output = toStdout ? null : resolve(cli.io.cwd, options.output);
  if (output !== null) refuseInput(output, options.output, await cli.farm(), wiki);
  using target = new ExportTarget(output);
  const failed = options.failed ?? (target.isFile ? `${options.output}.failed.jsonl` : null);
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

/** @throws RotaError USAGE when the export would take the place of what it is made from */
function refuseInput(output: string, named: string, farm: FarmConfig, wiki: WikiConfig): void {
  const { database, siteInfo, externalStores } = wiki;
  const databases = [database, farm.store, ...externalStores.values()];
  const inputs = [
    farm.file,
    ...databases.map((address) => (address.kind === 'sqlite' ? address.file : null)),
    siteInfo.kind === 'file' ? siteInfo.file : null,
  ];
  if (inputs.some((input) => input !== null && sameFile(input, output))) {
    throw new RotaError('USAGE', `${named} is read: name another file for the output`);
  }
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
