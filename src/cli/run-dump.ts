import type { OpenFarm } from '../composition.ts';
import { withNeeds } from '../control/execute-run.ts';
import { dateOf } from '../control/schedule/due-times.ts';
import type { RunDetails } from '../control/store/run-view.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { parseRunId, type RunId, runId, subjectName } from '../core/ids.ts';
import { isFinished } from '../core/run-state.ts';
import { fullDump } from '../jobs/full-dump/definition.ts';
import { fullDumpName } from '../jobs/full-dump/name.ts';
import type { FullDumpParameters } from '../jobs/full-dump/parameters.ts';
import { stageNames } from '../jobs/full-dump/parameters.ts';
import { checkRunDate } from './check-dates.ts';
import type { Cli } from './cli.ts';
import { executeDump } from './execute-dump.ts';
import { openFarmOf } from './open-farm-of.ts';

const dayMs = 24 * 3_600_000;

export interface DumpCommandOptions {
  readonly date?: string;
  readonly only?: readonly string[];
  readonly fromStage?: string;
  readonly force?: boolean;
  readonly replace?: boolean;
  /** False with --no-carry-over. */
  readonly carryOver?: boolean;
  readonly dryRun?: boolean;
}

/** Dumps one wiki in this process: a new date, or what is left of one that was begun. */
export async function runDump(cli: Cli, wiki: string, options: DumpCommandOptions): Promise<ExitStatus> {
  checkOptions(options);
  const config = await cli.farm();
  if (!config.wikis.has(wiki)) {
    throw new RotaError(
      'WIKI_UNKNOWN',
      `${JSON.stringify(wiki)} is no wiki of ${config.file}; see: rota config show`,
    );
  }
  await using log = await cli.openLog();
  await using farm = await openFarmOf(cli, config);
  const { zone } = config.jobs.fullDump.schedule;
  const today = dateOf(cli.clock.now(), zone, 'day');
  const date = options.date ?? today;
  const id = runId(fullDumpName, subjectName(wiki), date);
  if (date > today) await askOnPurpose(cli, farm, id, options);
  if (options.dryRun) return await dryRun(cli, farm, id, options);
  const ready = await makeReady(farm, id, options);
  if (ready === 'nothing-to-do') {
    cli.out.remark(`${id} is done; --force does it again`);
    return exitStatus.nothingToDo;
  }
  const redoFrom = stageToRedo(options);
  const { run, exit, error } = await executeDump(cli, farm, log.log, id, {
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(redoFrom === undefined ? {} : { redoFrom }),
  });
  const tree = farm.trees[config.wikis.get(wiki)?.isPrivate === false ? 'public' : 'private'];
  const folder = tree.dateFolder(wiki, date);
  const reason = run.reason === undefined ? '' : `: ${run.reason}`;
  cli.out.line(
    { run: run.id, state: run.state, reason: run.reason, folder },
    `${run.id} ${run.state}${reason}`,
  );
  if (isFinished(run.state) && !error) cli.out.remark(`the dump is in ${folder}`);
  if (error) throw error;
  // Asked for by --only: what was wanted is there.
  return run.state === 'paused' && options.only !== undefined ? exitStatus.done : exit;
}

/** Creates the run, or brings one that ended badly back; refuses what would destroy something. */
export async function makeReady(
  farm: OpenFarm,
  id: RunId,
  options: DumpCommandOptions,
): Promise<'ready' | 'nothing-to-do'> {
  const { store, config } = farm;
  const { clock } = farm.tools;
  const by = farm.holder.host;
  const parameters = parametersOf(options);
  const plan = fullDump.plan(config, { id, subject: parseRunId(id).subject, dueAt: clock.now() });
  const { created } = await store.createRun({ ...plan, id, parameters });
  if (created) return 'ready';
  const run = await store.readRun({ id });
  if (!run) throw new RotaError('INTERNAL', `The run ${id} vanished while it was read.`);
  const todo = await whatToDo(farm, run, options);
  if (todo === 'nothing') return 'nothing-to-do';
  if (todo === 'anew') {
    await store.restartRun({ id, by, parameters: { ...parameters, ...inherited(run, options) } });
    return 'ready';
  }
  if (run.lease?.alive !== true && run.state !== 'waiting' && run.state !== 'running') {
    await store.resumeRun({ id, by });
  }
  return 'ready';
}

/**
 * What a run that is there needs.
 * @throws RotaError PUBLICATION_CONFLICT, RUN_STATE where something would be destroyed, or decided by nobody
 */
async function whatToDo(
  farm: OpenFarm,
  run: RunDetails,
  options: DumpCommandOptions,
): Promise<'nothing' | 'anew' | 'the-rest'> {
  const { id } = run;
  if (options.force && !options.replace) await refuseIfPublished(farm, id);
  if (options.force || newEpoch(options)) return 'anew';
  if (isFinished(run.state)) {
    if (options.fromStage === undefined && options.only === undefined) return 'nothing';
    throw new RotaError(
      'RUN_STATE',
      `${id} is ${run.state}: its files are published and never change; dump another date, or this one with --force --replace`,
    );
  }
  if (run.state === 'held') {
    throw new RotaError(
      'RUN_STATE',
      `${id} is held (${run.reason ?? 'see rota status'}): decide with rota run approve ${id} or rota run reject ${id}`,
    );
  }
  return 'the-rest';
}

async function refuseIfPublished(farm: OpenFarm, id: RunId): Promise<void> {
  const pointers = await farm.store.listPointers({ prefix: `publication/${id}/` });
  const sets = pointers.filter(({ value }) => value !== null).map(({ key }) => key.split('/').at(-1));
  if (sets.length === 0) return;
  throw new RotaError(
    'PUBLICATION_CONFLICT',
    `${id} has published ${sets.join(', ')}, and what is published never changes: take it back with --force --replace, or dump another date`,
  );
}

/** Spool and pieces are frozen for an epoch: to make them anew takes a new one. */
function newEpoch(options: DumpCommandOptions): boolean {
  return ['preflight', 'spool', 'content'].includes(options.fromStage ?? '');
}

function stageToRedo(options: DumpCommandOptions): string | undefined {
  return newEpoch(options) || options.force ? undefined : options.fromStage;
}

/** Pieces are made anew from the spool that is there: the new epoch takes it over. */
function inherited(run: RunDetails, options: DumpCommandOptions): FullDumpParameters {
  const hasSpool = run.stages.some((stage) => stage.name === 'spool' && stage.state === 'done');
  return options.fromStage === 'content' && hasSpool ? { spoolOfEpoch: run.epoch } : {};
}

function parametersOf(options: DumpCommandOptions): FullDumpParameters {
  return {
    ...(options.replace ? { replace: true } : {}),
    ...(options.carryOver === false ? { carryOver: false } : {}),
  };
}

async function dryRun(cli: Cli, farm: OpenFarm, id: RunId, options: DumpCommandOptions): Promise<ExitStatus> {
  const run = await farm.store.readRun({ id });
  const todo = run === undefined ? 'anew' : await whatToDo(farm, run, options);
  const known = new Map(run?.stages.map((stage) => [stage.name, stage.state]));
  const view = run ?? { ...parseRunId(id), parameters: {} };
  const all = (await fullDump.load()).stages(farm.config, view);
  const redoFrom = all.findIndex((stage) => stage.name === options.fromStage);
  for (const stage of options.only === undefined ? all : withNeeds(all, options.only)) {
    const state = known.get(stage.name);
    const isDone = state === 'done' || state === 'done-with-errors';
    const isAgain = todo === 'anew' || (redoFrom >= 0 && all.indexOf(stage) >= redoFrom);
    const what = isDone && !isAgain ? 'keep' : 'run';
    cli.out.line({ run: id, stage: stage.name, todo: what, state: state ?? null }, `${what}  ${stage.name}`);
  }
  return exitStatus.done;
}

/**
 * A date to come is a slip of the pen, most of the time, and would be the newest for long: of one that is more than a day away
 * a dump is begun only by who says that it is meant.
 */
async function askOnPurpose(cli: Cli, farm: OpenFarm, id: RunId, options: DumpCommandOptions): Promise<void> {
  const { date } = parseRunId(id);
  const { zone } = farm.config.jobs.fullDump.schedule;
  const tomorrow = dateOf(new Date(cli.clock.now().getTime() + dayMs), zone, 'day');
  const what = `${date} has not come yet: latest/ would lead to this dump, and retention count it as the newest, until there is one of a later date`;
  if (date > tomorrow && options.force !== true && (await farm.store.readRun({ id })) === undefined)
    throw new RotaError('USAGE', `${what}; if it is meant, give --force`);
  cli.out.remark(`rota: ${what}; rota dump withdraw takes it back`);
}

function checkOptions(options: DumpCommandOptions): void {
  for (const stage of [
    ...(options.only ?? []),
    ...(options.fromStage === undefined ? [] : [options.fromStage]),
  ]) {
    if ((stageNames as readonly string[]).includes(stage)) continue;
    throw new RotaError('USAGE', `${JSON.stringify(stage)} is no stage; they are ${stageNames.join(', ')}`);
  }
  checkRunDate(options.date);
  if (options.replace && !options.force) throw new RotaError('USAGE', '--replace goes with --force');
}
