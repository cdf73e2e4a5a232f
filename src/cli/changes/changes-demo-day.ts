import { join, relative } from 'node:path';
import type { OpenFarm } from '../../composition.ts';
import { dateOf } from '../../control/schedule/due-times.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { runId, subjectName } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { changes, changesMark } from '../../jobs/changes/definitions.ts';
import type { Cli } from '../cli.ts';
import { makeIndex, workOnTask } from './run-changes.ts';
import { endOfDay } from './task.ts';

/** What changed on each wiki of the demonstration farm until the day that it has come to. What is done stays done. */
export async function changesDemoDay(
  cli: Cli,
  farm: OpenFarm,
  log: Log,
  dates: ReadonlyMap<string, string>,
): Promise<ExitStatus> {
  const { config } = farm;
  const open: readonly string[] = changes.subjects(config);
  const today = dateOf(cli.clock.now(), config.jobs.changes.mark.schedule.zone, 'day');
  let worst: ExitStatus = exitStatus.done;
  const keep = (status: ExitStatus) => {
    if (worst === exitStatus.done && status !== exitStatus.nothingToDo) worst = status;
  };
  const dumped: string[] = [];
  for (const [wiki, date] of dates) {
    // The farm lives a day at each start; of a day that is not over nothing is dumped.
    if (!open.includes(wiki) || date >= today) continue;
    for (const job of [changesMark, changes]) {
      cli.signal.throwIfAborted();
      const task = { job, id: runId(job.name, subjectName(wiki), date), dueAt: endOfDay(date) };
      keep(await workOnTask(cli, farm, log, task, {}));
    }
    dumped.push(wiki);
  }
  if (dumped.length === 0) return worst;
  keep(await makeIndex(cli, farm, log));
  const page = join(farm.trees.public.root, config.jobs.changes.settings.folder, 'index.html');
  cli.out.remark(`rota: what changed on ${dumped.join(' and ')}: ${relative(cli.io.cwd, page)}`);
  return worst;
}
