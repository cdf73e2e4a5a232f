import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { dateOf } from '../../control/schedule/due-times.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { runId, subjectName } from '../../core/ids.ts';
import { silentLog } from '../../core/log.ts';
import { checkLoaded, loadTracker } from '../../jobs/report/load/load-tracker.ts';
import { phabricatorLoadJob } from '../../jobs/report/load-definition.ts';
import { loadingData } from '../../jobs/report/loading/data-settings.ts';
import type { LoadParameters } from '../../jobs/report/loading/load-parameters.ts';
import { phabricatorLoadName } from '../../jobs/report/names.ts';
import { DumpSource } from '../../jobs/report/phabricator/dump/dump-source.ts';
import { trackerOf } from '../../jobs/report/services.ts';
import { systemCode, writing } from '../../publish/files/file-failure.ts';
import { checkRunDate } from '../check-dates.ts';
import type { Cli } from '../cli.ts';
import { openFarmOf } from '../open-farm-of.ts';
import { bytesText } from '../output/quantities.ts';
import { executeReportRun } from './execute-report-run.ts';
import { LoadMeter } from './load-meter.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ReportLoadOptions {
  readonly date?: string;
  readonly complete?: boolean;
  readonly incremental?: boolean;
  readonly acceptShrunken?: boolean;
  readonly force?: boolean;
  readonly output?: string;
}

/** Loads the tracker under run control; or a dump into a file of its own, with nothing else set up. */
export async function runReportLoad(
  cli: Cli,
  dump: string | undefined,
  options: ReportLoadOptions,
): Promise<ExitStatus> {
  checkCompleteness(options);
  checkRunDate(options.date);
  if (options.output !== undefined) return await loadIntoFile(cli, dump, options.output);
  const config = await cli.farm();
  const tracker = trackerOf(config);
  await using log = await cli.openLog();
  await using farm = await openFarmOf(cli, config);
  const date = options.date ?? dateOf(cli.clock.now(), config.jobs.phabricatorLoad.schedule.zone, 'day');
  const parameters: LoadParameters = {
    now: true,
    ...(dump === undefined ? {} : { dump: resolve(cli.io.cwd, dump) }),
    ...(options.complete ? { complete: true } : {}),
    ...(options.acceptShrunken ? { acceptShrunken: true } : {}),
  };
  return await executeReportRun(cli, farm, log.log, {
    definition: phabricatorLoadJob,
    id: runId(phabricatorLoadName, subjectName(tracker.name), date),
    parameters,
    force: options.force ?? false,
  });
}

export function checkCompleteness(options: {
  readonly complete?: boolean;
  readonly incremental?: boolean;
}): void {
  if (options.complete && options.incremental) {
    throw new RotaError('USAGE', '--complete and --incremental exclude each other; give one');
  }
}

/** An older load is replaced; nothing else is: the dump itself would be gone before it is read. */
async function refuseUnlessData(target: string): Promise<void> {
  const refused = (why: string) =>
    new RotaError('USAGE', `${target} is not replaced, because it is ${why}; name another file with -o`);
  try {
    if (!(await stat(target)).isFile()) throw refused('no file');
    await using handle = await open(target, 'r');
    const { buffer } = await handle.read(Buffer.alloc(12), 0, 12, 0);
    if (buffer.toString('latin1', 8) !== 'DUCK') throw refused('something else than a loaded tracker');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

async function loadIntoFile(cli: Cli, dump: string | undefined, output: string): Promise<ExitStatus> {
  if (dump === undefined) throw new RotaError('USAGE', '-o goes with a dump: rota report load DUMP -o FILE');
  const target = resolve(cli.io.cwd, output);
  await refuseUnlessData(target);
  const aside = join(dirname(target), `.${basename(target)}.new-${randomBytes(4).toString('hex')}`);
  await using folder = await temporaryFolder();
  const data = loadingData(folder.path);
  using meter = new LoadMeter(cli.io.stderr, cli.clock, basename(dump));
  const loaded = await loadTracker({
    source: new DumpSource(resolve(cli.io.cwd, dump)),
    target: aside,
    previous: null,
    complete: true,
    tolerance: 100,
    data,
    clock: cli.clock,
    log: silentLog,
    signal: cli.signal,
    progress: (done, total) => meter.show(done, total),
  });
  try {
    await checkLoaded(aside, loaded, data);
    await writing('put the load in place at', target, () => rename(aside, target));
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  meter.end(`${loaded.tasks} tasks, ${loaded.transactions} transactions, ${bytesText(loaded.bytes ?? 0)}`);
  cli.out.line({ ...loaded, file: target }, relative(cli.io.cwd, target) || join(target));
  return exitStatus.done;
}
