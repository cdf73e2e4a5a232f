import { wikiNamed } from '../config/wiki-named.ts';
import { nextDueAt } from '../control/schedule/run-scheduler.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { silentLog } from '../core/log.ts';
import { fullDumpName } from '../jobs/full-dump/index.ts';
import { catchUpRuns } from '../operations/catch-up.ts';
import { schedulesOf, scheduleText } from '../operations/schedules.ts';
import type { Cli } from './cli.ts';
import { withStore } from './with-store.ts';

export async function listSchedules(cli: Cli): Promise<ExitStatus> {
  return await withStore(cli, async ({ config, store }) => {
    const { schedule, catchUp } = config.jobs.fullDump;
    const [active] = schedulesOf(config);
    const tools = { store, clock: cli.clock, log: silentLog };
    let next: Date | undefined;
    for (const subject of active?.subjects ?? []) {
      const due = await nextDueAt(active as NonNullable<typeof active>, subject, tools);
      if (due !== undefined && (next === undefined || due < next)) next = due;
      if (schedule.kind === 'cron') break;
    }
    const handled =
      schedule.kind === 'cron'
        ? await store.readDue({ key: `${fullDumpName}/${schedule.expression}/${schedule.zone}` })
        : undefined;
    const row = {
      job: fullDumpName,
      schedule: scheduleText(schedule),
      wikis: config.wikis.size,
      missed: schedule.kind === 'cron' ? catchUp.policy : '',
      handledAt: handled,
      nextDueAt: next,
    };
    cli.out.table(
      [
        { title: 'JOB', value: (line) => line.job },
        { title: 'SCHEDULE', value: (line) => line.schedule, shrinks: true },
        { title: 'WIKIS', value: (line) => String(line.wikis), align: 'right' },
        { title: 'MISSED', value: (line) => line.missed },
        { title: 'HANDLED', value: (line) => minute(line.handledAt) },
        { title: 'DUE (UTC)', value: (line) => minute(line.nextDueAt) },
      ],
      [row],
      'there is no job',
    );
    return exitStatus.done;
  });
}

export interface CatchUpCommandOptions {
  readonly within: string;
  readonly policy: 'latest' | 'all';
  readonly dryRun?: boolean;
}

export async function catchUp(
  cli: Cli,
  names: readonly string[],
  options: CatchUpCommandOptions,
): Promise<ExitStatus> {
  const days = Number(options.within);
  if (!(days > 0 && days <= 3660)) {
    throw new RotaError('USAGE', `--within ${JSON.stringify(options.within)} is no number of days`);
  }
  return await withStore(cli, async ({ config, store }) => {
    if (config.jobs.fullDump.schedule.kind !== 'cron') {
      cli.out.remark('no job has a cron schedule, so no due time can be missed');
      return exitStatus.nothingToDo;
    }
    const { policy, dryRun = false } = options;
    const wikis = names.length === 0 ? {} : { wikis: names.map((name) => wikiNamed(config, name).name) };
    const withinMs = days * 24 * 3_600_000;
    const runs = await catchUpRuns({ config, store, clock: cli.clock, policy, withinMs, dryRun, ...wikis });
    for (const run of runs) cli.out.line({ run, dryRun }, `${run} ${dryRun ? 'would be created' : 'is due'}`);
    if (runs.length === 0) cli.out.remark('no due time was missed');
    return runs.length === 0 ? exitStatus.nothingToDo : exitStatus.done;
  });
}

function minute(at: Date | undefined): string {
  return at?.toISOString().slice(0, 16).replace('T', ' ') ?? '';
}
