import type { Clock } from '../../core/clock.ts';
import { type RunId, runId, type Subject } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { isEnded } from '../../core/run-state.ts';
import type { RunStore } from '../store/run-store.ts';
import type { RunView } from '../store/run-view.ts';
import { dateOf, dueTimes, nextCronTime } from './due-times.ts';
import type { Schedule } from './schedule.ts';

interface Tools {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** A last due time this far ahead of now was written while the clock was wrong. */
const clockWasWrongMs = 3_600_000;
/** No date that was due is this far ahead of now, in whatever zone. */
const farAheadMs = 2 * 24 * 3_600_000;
/** Of the runs of a subject of which the newest is of a date to come. */
const mostRead = 1_000;

/**
 * Creates the runs that have become due. Every worker may do so at once: creating is idempotent and the last due time
 * handled moves by compare and set. A cron schedule that is new starts with its next due time.
 */
export async function createDueRuns(schedule: Schedule, tools: Tools): Promise<readonly RunId[]> {
  return schedule.when.kind === 'cron'
    ? createCronRuns(schedule, tools)
    : createContinuousRuns(schedule, tools);
}

/** Looks every half minute until the signal aborts. */
export async function runScheduler(
  p: Tools & {
    /** Read anew each time: a changed configuration applies at once. */
    readonly schedules: () => Promise<readonly Schedule[]>;
    readonly signal: AbortSignal;
    readonly everyMs?: number;
    readonly onCreated?: (runs: readonly RunId[]) => void;
  },
): Promise<void> {
  while (!p.signal.aborted) {
    try {
      for (const schedule of await p.schedules()) {
        const created = await createDueRuns(schedule, p);
        if (created.length > 0) p.onCreated?.(created);
      }
    } catch (error) {
      p.log.error({ err: error }, 'the scheduler failed; trying again');
    }
    await p.clock.sleep(p.everyMs ?? 30_000, p.signal).catch(() => {});
  }
}

/** When the job is due next for a subject; undefined when it is never, or not before its present run has ended. */
export async function nextDueAt(
  schedule: Schedule,
  subject: Subject,
  tools: Tools,
): Promise<Date | undefined> {
  const now = tools.clock.now();
  if (schedule.when.kind === 'cron') return nextCronTime(schedule.when.expression, schedule.when.zone, now);
  const [latest] = await tools.store.listRuns({ job: schedule.job, subject, limit: 1 });
  return await continuousDueAt(schedule, schedule.when, { latest, now, store: tools.store });
}

/** Under which the store keeps the last due time handled. */
export function scheduleKey(
  schedule: Pick<Schedule, 'job'>,
  cron: { readonly expression: string; readonly zone: string },
): string {
  // Another expression is another schedule: its past due times were never ours.
  return `${schedule.job}/${cron.expression}/${cron.zone}`;
}

/** Under which it keeps when the schedule was first seen. */
export function scheduleSinceKey(...schedule: Parameters<typeof scheduleKey>): string {
  return `${scheduleKey(...schedule)}/since`;
}

async function createCronRuns(schedule: Schedule, tools: Tools): Promise<readonly RunId[]> {
  const { when, catchUp } = schedule;
  if (when.kind !== 'cron') return [];
  const { store, clock, log } = tools;
  const key = scheduleKey(schedule, when);
  const now = clock.now();
  const last = await store.readDue({ key });
  if (last === undefined) {
    // What an expression stands for, for those who ask what was missed: nothing before it was first seen.
    const sinceKey = scheduleSinceKey(schedule, when);
    await store.moveDue({ key: sinceKey, from: await store.readDue({ key: sinceKey }), to: now });
    await store.moveDue({ key, from: undefined, to: now });
    return [];
  }
  if (last.getTime() > now.getTime() + clockWasWrongMs) {
    log.warn({ schedule: key, last, now }, 'the clock has gone back; the schedule starts from now');
    await store.moveDue({ key, from: last, to: now });
    return [];
  }
  const created: RunId[] = [];
  let from = last;
  for (const due of dueTimes({ ...when, after: last, now, catchUp })) {
    for (const subject of schedule.subjects) {
      const id = await createOne(schedule, subject, due, when.zone, tools);
      if (id !== undefined) created.push(id);
    }
    // Another host that was faster has created the same runs.
    if (!(await store.moveDue({ key, from, to: due }))) return created;
    from = due;
  }
  return created;
}

async function createContinuousRuns(schedule: Schedule, tools: Tools): Promise<readonly RunId[]> {
  const { when } = schedule;
  if (when.kind !== 'continuous') return [];
  const now = tools.clock.now();
  const latest = new Map(
    (await tools.store.listLatestRuns({ job: schedule.job })).map((run) => [run.subject, run]),
  );
  const created: RunId[] = [];
  for (const subject of schedule.subjects) {
    const due = await continuousDueAt(schedule, when, {
      latest: latest.get(subject),
      now,
      store: tools.store,
    });
    if (due === undefined || due > now) continue;
    const id = await createOne(schedule, subject, due, when.zone, tools);
    if (id !== undefined) created.push(id);
  }
  return created;
}

async function continuousDueAt(
  schedule: Schedule,
  when: { readonly cooldownMs: number; readonly zone: string },
  p: { readonly latest: RunView | undefined; readonly now: Date; readonly store: RunStore },
): Promise<Date | undefined> {
  const { latest, now, store } = p;
  if (latest === undefined) return now;
  if (!isEnded(latest.state) || latest.endedAt === undefined) return undefined;
  const dated = schedule.dated ?? 'day';
  const far = dateOf(new Date(now.getTime() + farAheadMs), when.zone, dated);
  const isOdd = latest.date > far || latest.endedAt.getTime() > now.getTime() + clockWasWrongMs;
  const runs = isOdd
    ? await store.listRuns({ job: schedule.job, subject: latest.subject, limit: mostRead })
    : [latest];
  if (runs.some((run) => !isEnded(run.state))) return undefined;
  // An end that is to come was written while the clock was wrong; a date that is, by a slip of somebody's hand, too. Neither
  // must keep the subject waiting until then.
  const ends = runs.flatMap(({ endedAt }) => endedAt?.getTime() ?? []);
  const endedMs = Math.max(...ends.filter((ms) => ms <= now.getTime() + clockWasWrongMs));
  const due = Number.isFinite(endedMs) ? new Date(endedMs + when.cooldownMs) : now;
  const date = runs.reduce((newest, run) => (run.date > newest && run.date <= far ? run.date : newest), '');
  // A date names one run: a subject that is done for today is due again when the day is over.
  const step = dated === 'day' ? '0 0 * * *' : '* * * * *';
  let next: Date | undefined = due;
  while (next !== undefined && dateOf(next, when.zone, dated) <= date)
    next = nextCronTime(step, when.zone, next);
  return next;
}

async function createOne(
  schedule: Schedule,
  subject: Subject,
  dueAt: Date,
  zone: string,
  tools: Tools,
): Promise<RunId | undefined> {
  const id = runId(schedule.job, subject, dateOf(dueAt, zone, schedule.dated ?? 'day'));
  const { created } = await tools.store.createRun({ ...schedule.plan?.({ id, subject, dueAt }), id, dueAt });
  if (created) tools.log.info({ run: id, dueAt }, 'a run is due');
  return created ? id : undefined;
}
