import type { OpenFarm } from '../../composition.ts';
import { cronTimes, dateOf } from '../../control/schedule/due-times.ts';
import { runId, subjectName } from '../../core/ids.ts';
import { readDays } from '../../jobs/changes/day/day-record.ts';
import { changes, changesMark } from '../../jobs/changes/definitions.ts';
import { readMarks } from '../../jobs/changes/marks/marks.ts';
import { endOfDay, type Task } from './task.ts';

const dayMs = 86_400_000;

/**
 * The marks that are missing and the days that have none, of one wiki, oldest first, each mark before its day. They
 * begin after the last day that was dumped, or else with the first mark. Today's mark is left to its schedule.
 */
export async function missedDays(farm: OpenFarm, wiki: string): Promise<readonly Task[]> {
  const { store, config } = farm;
  const now = farm.tools.clock.now();
  const marks = await readMarks(store, wiki);
  const days = await readDays(store, wiki);
  const first = days.at(-1)?.manifest.date ?? marks[0]?.date;
  if (first === undefined) return [];
  const { settings, mark: schedule } = config.jobs.changes;
  const today = dateOf(now, schedule.schedule.zone, 'day');
  const marked = new Map(marks.map((mark) => [mark.date, mark]));
  const dumped = new Set(days.map((day) => day.manifest.date));
  const subject = subjectName(wiki);
  const tasks: Task[] = [];
  for (const [date, dueAt] of datesFrom(first, now, schedule)) {
    if (date > today || dumped.has(date)) continue;
    const mark = marked.get(date);
    if (mark === undefined && date === today) continue;
    if (mark === undefined) {
      tasks.push({ job: changesMark, id: runId(changesMark.name, subject, date), dueAt });
    } else if (!mark.estimated && Date.parse(mark.takenAt) + settings.delayMs > now.getTime()) {
      continue;
    }
    tasks.push({ job: changes, id: runId(changes.name, subject, date), dueAt });
  }
  return tasks;
}

/** Every date of the schedule, or of the calendar where there is none, with the time at which its mark was due. */
function datesFrom(
  first: string,
  now: Date,
  { schedule }: OpenFarm['config']['jobs']['changes']['mark'],
): readonly (readonly [string, Date])[] {
  const start = new Date(endOfDay(first).getTime() - 2 * dayMs);
  const dates = new Map<string, Date>();
  if (schedule.kind === 'cron') {
    const { expression, zone } = schedule;
    for (const time of cronTimes({ expression, zone, after: start, until: now })) {
      const date = dateOf(time, zone, 'day');
      if (date >= first && !dates.has(date)) dates.set(date, time);
    }
  } else {
    for (
      let at = endOfDay(first);
      at.getTime() < now.getTime() + dayMs;
      at = new Date(at.getTime() + dayMs)
    ) {
      dates.set(at.toISOString().slice(0, 10).replaceAll('-', ''), at);
    }
  }
  return [...dates];
}
