import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OpenFarm, openFarm } from '../composition.ts';
import { durationText } from '../core/duration-text.ts';
import { isRotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { type RunId, runId, subjectName } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { isFinished } from '../core/run-state.ts';
import { type PreparedFarm, prepareFarm } from '../demo/farm/prepare-farm.ts';
import { liveUntilDay, readWikiDay } from '../demo/farm/wiki-day.ts';
import { findBz2Program } from '../export/containers/bz2/compressor.ts';
import { fullDumpName } from '../jobs/full-dump/name.ts';
import { changesDemoDay } from './changes/changes-demo-day.ts';
import { Cli } from './cli.ts';
import { deployDemoDay } from './deploy/deploy-demo-day.ts';
import { executeDump } from './execute-dump.ts';
import { bytesText } from './output/quantities.ts';
import { reportDemoDay } from './report/report-demo-day.ts';
import { makeReady } from './run-dump.ts';
import { farmMonitor } from './run-monitor.ts';
import { openWeb, untilAborted } from './run-serve.ts';

/** A little longer than a lease lasts. */
const busyForMs = 35_000;

/**
 * Makes the demonstration farm or finds it, lets a day pass on its wikis, dumps them, and says where the results are;
 * with `serve` its pages are then there until Ctrl-C.
 */
export async function runDemoStart(
  given: Cli,
  folder: string,
  options: { readonly serve: boolean },
): Promise<ExitStatus> {
  const begunMs = given.clock.monotonicMs();
  const target = resolve(given.io.cwd, folder);
  const bz2 = await hasBz2(given.io.env.PATH ?? '');
  const prepared = await prepareFarm(target, {
    signal: given.signal,
    programs: { bz2 },
    onWiki: (name) => given.out.remark(`rota: making the wiki ${name} …`),
  });
  const cli = cliOfFarm(given, prepared.configFile);
  const config = await cli.farm();
  await using log = await cli.openLog();
  await using farm = await openFarm(config, { clock: cli.clock, env: cli.io.env, version: cli.version });
  if (!bz2) {
    cli.out.remark(
      'rota: neither bzip2 nor lbzip2 is installed, so texts are published as .xml.zst only, and changes, which are in .xml.bz2, are left out; with one of them the next start adds both, and the multistream file with its index.',
    );
  }
  const dates = await bringToOneDay(cli, farm, prepared);
  let worst: ExitStatus = exitStatus.done;
  for (const [wiki, date] of dates) {
    const status = await dumpWiki(cli, farm, log.log, wiki, date);
    if (worst === exitStatus.done) worst = status;
  }
  if (bz2) {
    const changed = await whenFree(cli, () => changesDemoDay(cli, farm, log.log, dates));
    if (worst === exitStatus.done) worst = changed;
  }
  const reported = await reportDemoDay(cli, farm, log.log, [...dates.values()].sort().at(-1) ?? '');
  if (worst === exitStatus.done) worst = reported;
  const deployed = await deployDemoDay(cli, farm, log.log, [...dates.values()].sort().at(-1) ?? '');
  if (worst === exitStatus.done) worst = deployed;
  // The evening: index pages, and the dates that are too many.
  const sweep = await farmMonitor({ cli, farm, log, signal: cli.signal }).once();
  for (const chore of sweep.failed) cli.out.remark(`rota: ${chore} failed, see ${config.log.file}`);
  if (worst === exitStatus.done && sweep.failed.length > 0) worst = exitStatus.failed;
  const took = durationText(cli.clock.monotonicMs() - begunMs);
  if (worst === exitStatus.done) tellResults(cli, farm, prepared, took);
  if (options.serve && !cli.signal.aborted) {
    const listen = { host: '127.0.0.1', port: 0 };
    await using _server = await openWeb({ cli, farm, log, face: 'operators', listen });
    cli.out.remark('rota: Ctrl-C ends it');
    await untilAborted(cli.signal);
  }
  return worst;
}

/** The same command line with the farm's own configuration. */
function cliOfFarm(cli: Cli, configFile: string): Cli {
  const { io, clock, signal, version } = cli;
  return new Cli({
    io,
    clock,
    signal,
    version,
    globalOptions: () => ({ ...cli.global, config: configFile }),
  });
}

async function hasBz2(searchPath: string): Promise<boolean> {
  try {
    await findBz2Program(searchPath);
    return true;
  } catch (error) {
    if (isRotaError(error, 'PROGRAM_MISSING')) return false;
    throw error;
  }
}

/**
 * The date at which each wiki is dumped now. When all have been dumped as they are, they live one more day; what was
 * begun is brought to its end first, and who is behind catches up. So each start adds a date, also on one real day.
 */
async function bringToOneDay(
  cli: Cli,
  farm: OpenFarm,
  prepared: PreparedFarm,
): Promise<ReadonlyMap<string, string>> {
  const folder = dirname(prepared.configFile);
  const names = prepared.wikis.map((wiki) => wiki.name).filter((name) => farm.config.wikis.has(name));
  let newestDay = 0;
  let isAllDumped = true;
  for (const name of names) {
    const { day, date } = await readWikiDay(folder, name);
    const run = await farm.store.readRun({ id: dumpId(name, date) });
    isAllDumped &&= run !== undefined && isFinished(run.state);
    newestDay = Math.max(newestDay, day);
  }
  const dates = new Map<string, string>();
  for (const name of names) {
    await liveUntilDay(folder, name, isAllDumped ? newestDay + 1 : newestDay, {
      signal: cli.signal,
      onDay: (day) =>
        cli.out.remark(
          `rota: a day passes on ${name}: ${day.edits} edits, ${day.created} new pages, ${day.moved.length} moved, ` +
            `${day.deleted.length} deleted, ${day.hidden.length} revisions hidden`,
        ),
    });
    dates.set(name, (await readWikiDay(folder, name)).date);
  }
  return dates;
}

async function dumpWiki(cli: Cli, farm: OpenFarm, log: Log, wiki: string, date: string): Promise<ExitStatus> {
  cli.signal.throwIfAborted();
  const id = dumpId(wiki, date);
  if ((await makeReady(farm, id, {})) === 'nothing-to-do') return exitStatus.done;
  const { run, exit, error } = await whenFree(cli, () => executeDump(cli, farm, log, id));
  if (error) throw error;
  const isPublic = farm.config.wikis.get(wiki)?.isPrivate === false;
  const folder = farm.trees[isPublic ? 'public' : 'private'].dateFolder(wiki, date);
  const { files, sizeBytes } = await sizeOf(folder, `${wiki}-${date}-`);
  const reason = run.reason === undefined ? '' : ` (${run.reason})`;
  cli.out.line(
    { run: id, state: run.state, folder, files, sizeBytes },
    `${id} ${run.state}${reason}: ${files} files, ${bytesText(sizeBytes)}`,
  );
  if (run.state === 'held') cli.out.remark(`rota: look at it, then: rota run approve ${id}, or reject`);
  return exit;
}

/** A start that was killed holds its lease for half a minute: that is waited for, and told once. */
async function whenFree<T>(cli: Cli, work: () => Promise<T>): Promise<T> {
  const begunMs = cli.clock.monotonicMs();
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      if (!isRotaError(error, 'RUN_BUSY') || cli.clock.monotonicMs() - begunMs > busyForMs) throw error;
      if (!isTold) cli.out.remark(`rota: ${error.message}; waiting ${durationText(busyForMs)} at most`);
      await cli.clock.sleep(1000, cli.signal);
    }
  }
}

function dumpId(wiki: string, date: string): RunId {
  return runId(fullDumpName, subjectName(wiki), date);
}

async function sizeOf(folder: string, prefix: string): Promise<{ files: number; sizeBytes: number }> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { files: names.length, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function tellResults(cli: Cli, farm: OpenFarm, prepared: PreparedFarm, took: string): void {
  const index = join(farm.trees.public.root, 'index.html');
  if (cli.out.json) {
    cli.out.line({ configFile: prepared.configFile, index }, '');
    return;
  }
  const here = (path: string) => relative(cli.io.cwd, path) || '.';
  const rota = here(fileURLToPath(new URL('../../bin/rota.mjs', import.meta.url)));
  const config = `--config ${here(prepared.configFile)}`;
  const [wiki] = prepared.wikis;
  cli.out.text(`
One day of the farm took ${took}. Open ${here(index)} in a browser.

Next:
  npm start
      another day on the wikis, and another date of each
  ${rota} export ${wiki?.name ?? 'WIKI'} --current ${config} | less
      a wiki's current pages as one stream, as dumpBackup.php gives them
  ${rota} push --plan ${config}
      what a deployment of the farm's code would do
  ${rota} status ${config}
      what the farm is doing; run show, run log and why tell more`);
}
