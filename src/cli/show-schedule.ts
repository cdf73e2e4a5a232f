import type { FarmConfig } from '../config/farm-config.ts';
import { wikiNamed } from '../config/wiki-named.ts';
import { nextDueAt, scheduleKey } from '../control/schedule/run-scheduler.ts';
import type { RunStore } from '../control/store/run-store.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { silentLog } from '../core/log.ts';
import type { AnyJob, JobSettings } from '../jobs/definition/job-definition.ts';
import { jobNamed } from '../jobs/definition/job-named.ts';
import { catchUpRuns } from '../operations/catch-up.ts';
import { scheduleOf, schedulesOf, scheduleText } from '../operations/schedules.ts';
import type { Cli } from './cli.ts';
import { withStore, withStoreToRead } from './with-store.ts';

export async function listSchedules(cli: Cli): Promise<ExitStatus> {
  return await withStoreToRead(cli, async ({ config, store, jobs }) => {
    const rows = await Promise.all(
      jobs.map(async (job) => {
        const settings = job.settings(config);
        return settings === null ? [] : [await scheduleRow(cli, { job, settings, config, store })];
      }),
    );
    cli.out.table<ScheduleRow>(
      [
        { title: 'JOB', value: (line) => line.job },
        { title: 'SCHEDULE', value: (line) => line.schedule, shrinks: true },
        { title: 'FOR', value: (line) => countOf(line), align: 'right' },
        { title: 'MISSED', value: (line) => line.missed },
        { title: 'HANDLED', value: (line) => minute(line.handledAt) },
        { title: 'DUE (UTC)', value: (line) => minute(line.nextDueAt) },
      ],
      rows.flat(),
      'there is no job',
    );
    return exitStatus.done;
  });
}

interface ScheduleRow {
  readonly job: string;
  readonly schedule: string;
  readonly kind: string;
  readonly subjects: number;
  readonly missed: string;
  readonly handledAt: Date | undefined;
  readonly nextDueAt: Date | undefined;
}

async function scheduleRow(
  cli: Cli,
  p: {
    readonly job: AnyJob;
    readonly settings: JobSettings;
    readonly config: FarmConfig;
    readonly store: RunStore;
  },
): Promise<ScheduleRow> {
  const { job, store } = p;
  const { schedule, catchUp } = p.settings;
  const active = scheduleOf(p.config, job);
  let next: Date | undefined;
  for (const subject of active?.subjects ?? []) {
    if (active === undefined) break;
    const due = await nextDueAt(active, subject, { store, clock: cli.clock, log: silentLog });
    if (due !== undefined && (next === undefined || due < next)) next = due;
    if (schedule.kind === 'cron') break;
  }
  return {
    job: job.name,
    schedule: scheduleText(schedule),
    kind: job.subjectKind,
    subjects: job.subjects(p.config).length,
    missed: schedule.kind === 'cron' ? catchUp.policy : '',
    handledAt:
      schedule.kind === 'cron'
        ? await store.readDue({ key: scheduleKey({ job: job.name }, schedule) })
        : undefined,
    nextDueAt: next,
  };
}

function countOf({ subjects, kind }: ScheduleRow): string {
  return `${subjects} ${kind}${subjects === 1 ? '' : 's'}`;
}

export interface CatchUpCommandOptions {
  readonly within: string;
  readonly policy: 'latest' | 'all';
  readonly jobs?: readonly string[];
  readonly dryRun?: boolean;
}

export async function catchUp(
  cli: Cli,
  names: readonly string[],
  options: CatchUpCommandOptions,
): Promise<ExitStatus> {
  // As durations of rota.yaml are written, too.
  const days = Number(options.within.replace(/d$/, ''));
  if (!(days > 0 && days <= 3660)) {
    throw new RotaError(
      'USAGE',
      `--within ${JSON.stringify(options.within)} is no number of days, such as 14`,
    );
  }
  return await withStore(cli, async ({ config, store, known, ...all }) => {
    const jobs = options.jobs?.map((name) => jobNamed(all.jobs, name)) ?? all.jobs;
    if (!schedulesOf(config, jobs).some((schedule) => schedule.when.kind === 'cron')) {
      cli.out.remark('no job has a cron schedule, so no due time can be missed');
      return exitStatus.nothingToDo;
    }
    for (const name of names) if (!known.subjects.has(name)) wikiNamed(config, name);
    const { policy, dryRun = false } = options;
    const runs = await catchUpRuns({
      config,
      jobs,
      store,
      clock: cli.clock,
      policy,
      withinMs: days * 24 * 3_600_000,
      dryRun,
      ...(names.length === 0 ? {} : { only: names }),
    });
    for (const run of runs) cli.out.line({ run, dryRun }, `${run} ${dryRun ? 'would be created' : 'is due'}`);
    if (runs.length === 0) cli.out.remark('no due time was missed');
    return runs.length === 0 ? exitStatus.nothingToDo : exitStatus.done;
  });
}

function minute(at: Date | undefined): string {
  return at?.toISOString().slice(0, 16).replace('T', ' ') ?? '';
}
