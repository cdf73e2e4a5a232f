import type { OpenFarm } from '../../composition.ts';
import type { FarmConfig } from '../../config/farm-config.ts';
import { dateOf } from '../../control/schedule/due-times.ts';
import { RotaError, toRotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { parseRunId, runId, subjectName } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { isFinished } from '../../core/run-state.ts';
import { dueMark } from '../../jobs/changes/day/due-mark.ts';
import { changes, changesIndex, changesMark } from '../../jobs/changes/definitions.ts';
import { farmSubject } from '../../jobs/changes/names.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';
import { checkRunDate } from '../check-dates.ts';
import type { Cli } from '../cli.ts';
import { executeDump } from '../execute-dump.ts';
import { openFarmOf } from '../open-farm-of.ts';
import { missedDays } from './missed-days.ts';
import { endOfDay, type Task } from './task.ts';

export interface ChangesCommandOptions {
  readonly date?: string;
  readonly fromWiki?: string;
  readonly forceUnlock?: boolean;
  readonly dryRun?: boolean;
}

/** Works on marks or days of many wikis, one after the other; what fails is told at the end. */
export async function runChanges(
  cli: Cli,
  what: 'mark' | 'run' | 'catch-up',
  names: readonly string[],
  options: ChangesCommandOptions,
): Promise<ExitStatus> {
  checkRunDate(options.date);
  const config = await cli.farm();
  const wikis = chooseWikis(config, names, options.fromWiki);
  await using log = await cli.openLog();
  await using farm = await openFarmOf(cli, config);
  let best: ExitStatus = exitStatus.nothingToDo;
  for (const wiki of wikis) {
    cli.signal.throwIfAborted();
    try {
      const tasks =
        what === 'catch-up'
          ? await missedDays(farm, wiki)
          : [dayTask(config, what, wiki, cli.clock.now(), options.date)];
      if (what === 'run') await checkDue(farm, wiki, tasks);
      for (const task of tasks) {
        const status =
          options.dryRun === true
            ? await tell(cli, farm, task)
            : await workOnTask(cli, farm, log.log, task, options);
        best = worse(best, status);
        // The next day builds on this one.
        if (
          status !== exitStatus.done &&
          status !== exitStatus.nothingToDo &&
          status !== exitStatus.doneWithErrors
        )
          break;
      }
    } catch (error) {
      cli.signal.throwIfAborted();
      const failure = toRotaError(error, 'INTERNAL', (cause) => cause);
      best = worse(best, failure.exit);
      cli.out.line(
        { wiki, error: failure.code, message: failure.message },
        `${wiki}: ${failure.code} ${failure.message}`,
      );
    }
  }
  return best;
}

/** Writes the page above all wikis. */
export async function runIndex(cli: Cli): Promise<ExitStatus> {
  const config = await cli.farm();
  await using log = await cli.openLog();
  await using farm = await openFarmOf(cli, config);
  return await makeIndex(cli, farm, log.log);
}

/** Makes the page above all wikis as it is now. */
export async function makeIndex(cli: Cli, farm: OpenFarm, log: Log): Promise<ExitStatus> {
  const now = cli.clock.now();
  const date = dateOf(now, farm.config.jobs.changes.index.schedule.zone, 'day');
  const task = { job: changesIndex, id: runId(changesIndex.name, farmSubject, date), dueAt: now };
  // The page is of this moment: a run of today that is done is done again.
  const before = await farm.store.readRun({ id: task.id });
  if (before && isFinished(before.state)) {
    await farm.store.restartRun({ id: task.id, by: farm.holder.host, parameters: {} });
  }
  return await workOnTask(cli, farm, log, task, {});
}

function chooseWikis(
  config: FarmConfig,
  names: readonly string[],
  from: string | undefined,
): readonly string[] {
  const open: readonly string[] = changes.subjects(config);
  for (const name of [...names, ...(from === undefined ? [] : [from])]) {
    if (open.includes(name)) continue;
    const wiki = config.wikis.get(name);
    if (wiki === undefined) {
      throw new RotaError(
        'WIKI_UNKNOWN',
        `${JSON.stringify(name)} is no wiki of ${config.file}; see: rota config show`,
      );
    }
    throw new RotaError(
      'CHANGES_LEFT_OUT',
      `${name} is ${wiki.isPrivate ? 'private' : 'closed'}: such wikis have no adds/changes dumps`,
    );
  }
  const chosen = names.length === 0 ? open : open.filter((wiki) => names.includes(wiki));
  const start = from === undefined ? 0 : chosen.indexOf(from);
  if (start < 0) throw new RotaError('USAGE', `--from-wiki ${from} is not among the wikis that were named`);
  return chosen.slice(start);
}

function dayTask(
  config: FarmConfig,
  what: 'mark' | 'run',
  wiki: string,
  now: Date,
  date: string | undefined,
): Task {
  const job: AnyJob = what === 'mark' ? changesMark : changes;
  const { zone } = config.jobs.changes.mark.schedule;
  const today = dateOf(now, zone, 'day');
  const of = date ?? today;
  if (of > today) throw new RotaError('USAGE', `--date ${of} has not come yet`);
  return { job, id: runId(job.name, subjectName(wiki), of), dueAt: of === today ? now : endOfDay(of) };
}

/** A run that cannot begin is not made: it would hold up those of later days. */
async function checkDue(farm: OpenFarm, wiki: string, tasks: readonly Task[]): Promise<void> {
  const { delayMs } = farm.config.jobs.changes.settings;
  for (const { id } of tasks) {
    const { date } = parseRunId(id);
    await dueMark(farm.store, { wiki, date, delayMs, now: farm.tools.clock.now() });
  }
}

async function tell(cli: Cli, farm: OpenFarm, { id }: Task): Promise<ExitStatus> {
  const run = await farm.store.readRun({ id });
  const todo = run !== undefined && isFinished(run.state) ? 'keep' : 'run';
  cli.out.line({ run: id, todo, state: run?.state ?? null }, `${todo}  ${id}`);
  return todo === 'run' ? exitStatus.done : exitStatus.nothingToDo;
}

/** Works on a mark or day in this process, unless it is done. */
export async function workOnTask(
  cli: Cli,
  farm: OpenFarm,
  log: Log,
  { job, id, dueAt }: Task,
  options: ChangesCommandOptions,
): Promise<ExitStatus> {
  const { store, config } = farm;
  const subject = subjectName(id.split('/')[1] ?? '');
  const by = farm.holder.host;
  await store.createRun({ ...job.plan(config, { id, subject, dueAt }), id, dueAt });
  const run = await store.readRun({ id });
  if (run === undefined) throw new RotaError('INTERNAL', `The run ${id} vanished while it was read.`);
  if (isFinished(run.state)) {
    cli.out.remark(`${id} is ${run.state}`);
    return exitStatus.nothingToDo;
  }
  if (run.lease !== undefined && options.forceUnlock === true && run.state === 'running') {
    // Refused while its holder still renews it (LEASE_ALIVE).
    await store.forceUnlock({ guard: { key: run.lease.key, token: run.lease.token }, by });
  }
  const isIdle = run.lease?.alive !== true && run.state !== 'waiting' && run.state !== 'running';
  if (isIdle) await store.resumeRun({ id, by });
  const ended = await executeDump(cli, farm, log, id);
  const reason = ended.run.reason === undefined ? '' : `: ${ended.run.reason}`;
  cli.out.line(
    { run: id, state: ended.run.state, reason: ended.run.reason ?? null },
    `${id} ${ended.run.state}${reason}`,
  );
  if (ended.error) throw ended.error;
  return ended.exit;
}

const order: readonly ExitStatus[] = [
  exitStatus.nothingToDo,
  exitStatus.done,
  exitStatus.doneWithErrors,
  exitStatus.busy,
  exitStatus.usage,
  exitStatus.failed,
  exitStatus.interrupted,
];

function worse(one: ExitStatus, other: ExitStatus): ExitStatus {
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}
