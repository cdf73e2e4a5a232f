import { basename, join, relative, resolve } from 'node:path';
import type { FarmConfig } from '../../config/farm-config.ts';
import { defaultTags } from '../../config/phabricator-config.ts';
import { isHttpUrl } from '../../config/schema/values.ts';
import type { ScopeConfig } from '../../config/scope-config.ts';
import { isScopeFile, readAnyScopeFile } from '../../config/scopes/find-scope.ts';
import { durationText } from '../../core/duration-text.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { silentLog } from '../../core/log.ts';
import { makeReport } from '../../jobs/report/build/make-report.ts';
import { refuseUnlessReport, replaceReport } from '../../jobs/report/build/report-folder.ts';
import { checkLoaded, loadTracker } from '../../jobs/report/load/load-tracker.ts';
import { newestDay } from '../../jobs/report/load/newest-day.ts';
import { loadingData, readingData } from '../../jobs/report/loading/data-settings.ts';
import { DumpSource } from '../../jobs/report/phabricator/dump/dump-source.ts';
import { DataFile } from '../../jobs/report/store/data-file.ts';
import { checkDay } from '../check-dates.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';
import { LoadMeter } from './load-meter.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ReportBuildOptions {
  readonly dump: string;
  readonly asOf?: string;
  readonly output: string;
  readonly tracker?: string;
  readonly tolerance: number;
}

/** From a dump to a scope's report in one go, with nothing else set up. */
export async function runReportBuild(
  cli: Cli,
  scopeName: string,
  options: ReportBuildOptions,
): Promise<undefined> {
  const begunMs = cli.clock.monotonicMs();
  checkDay(options.asOf, '--as-of');
  checkTracker(options.tracker);
  const output = resolve(cli.io.cwd, options.output);
  await refuseUnlessReport(output);
  const scope = await findScope(cli, scopeName);
  await using folder = await temporaryFolder();
  const target = join(folder.path, 'tracker.duckdb');
  const data = loadingData(folder.path);
  using meter = new LoadMeter(cli.io.stderr, cli.clock, basename(options.dump));
  const loaded = await loadTracker({
    source: new DumpSource(resolve(cli.io.cwd, options.dump)),
    target,
    previous: null,
    complete: true,
    tolerance: options.tolerance,
    data,
    clock: cli.clock,
    log: silentLog,
    signal: cli.signal,
    progress: (done, total) => meter.show(done, total),
  });
  meter.end(`${loaded.tasks} tasks, ${loaded.transactions} transactions`);
  if (loaded.setAside > 0)
    cli.out.remark(`rota: ${loaded.setAside} damaged tasks were set aside; the report lists them`);
  await checkLoaded(target, loaded, data);
  await using file = await DataFile.openReadOnly(target, readingData(folder.path));
  const asOf = await asOfDay(cli, file, { asked: options.asOf, scope });
  const build = { scope, asOf, tags: defaultTags, trackerUrl: options.tracker ?? null };
  let problems: readonly string[] = [];
  const written = await replaceReport(output, async (aside) => {
    const made = await makeReport(file, build, { folder: aside, signal: cli.signal, allScopes: null });
    problems = made.problems;
    return made;
  });
  for (const problem of problems) cli.out.remark(`rota: ${problem}`);
  const index = join(output, 'index.html');
  const took = durationText(cli.clock.monotonicMs() - begunMs);
  cli.out.line(
    { scope: scope.name, asOf, index, ...written, tasks: loaded.tasks, transactions: loaded.transactions },
    `${scope.name} as of ${asOf}: ${written.files} files, ${bytesText(written.bytes)}, in ${took}; open ${relative(cli.io.cwd, index) || index}`,
  );
  return undefined;
}

/** A scope of rota.yaml, or of a file. */
export async function findScope(cli: Cli, name: string): Promise<ScopeConfig> {
  if (isScopeFile(name)) return await readAnyScopeFile(name, cli.io.cwd);
  const farm = await farmFor(cli, name);
  const scope = farm.scopes.get(name);
  if (scope !== undefined) return scope;
  throw new RotaError(
    'SCOPE_UNKNOWN',
    `${JSON.stringify(name)} is no scope of ${farm.file}; name one of ${[...farm.scopes.keys()].join(', ') || 'none'}, or a scope file`,
  );
}

async function farmFor(cli: Cli, scope: string): Promise<FarmConfig> {
  try {
    return await cli.farm();
  } catch (error) {
    if (!(error instanceof RotaError) || error.code !== 'CONFIG_NOT_FOUND') throw error;
    const hint = `without one a scope is a file: ${scope}.yaml`;
    throw new RotaError(error.code, `${error.message}; ${hint}`, { cause: error });
  }
}

/** The day that was asked for, else that of the newest change. Days after that may only seem to be without changes. */
export async function asOfDay(
  cli: Cli,
  file: DataFile,
  { asked, scope }: { readonly asked: string | undefined; readonly scope: ScopeConfig },
): Promise<string> {
  const newest = await newestDay(file, scope.zone);
  if (asked !== undefined && asked > newest)
    cli.out.remark(
      `rota: the newest change in the data is of ${newest}; the days from then to ${asked} are shown without changes`,
    );
  return asked ?? newest;
}

/** It begins every link to a task. */
function checkTracker(url: string | undefined): void {
  if (url === undefined || isHttpUrl(url)) return;
  throw new RotaError(
    'USAGE',
    `--tracker ${JSON.stringify(url)} is no address; give one that begins with https://`,
  );
}
