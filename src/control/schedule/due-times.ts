import { Cron } from 'croner';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { CatchUp } from './schedule.ts';

/** A due time that is not older was not missed, only met a little late. */
const lateMs = 10 * 60_000;
/** A schedule of every minute that was down for a week must not swamp the store in one go. */
const mostAtOnce = 1_000;

/**
 * The due times of a cron expression after one moment and up to another, in its time zone. Where the clocks go forward
 * a due time in the gap moves behind it; where they go back, one of a fixed hour comes once.
 */
export function* cronTimes(p: {
  readonly expression: string;
  readonly zone: string;
  readonly after: Date;
  readonly until: Date;
}): Generator<Date> {
  const cron = parseCron(p.expression, p.zone);
  let time = cron.nextRun(p.after);
  while (time !== null && time <= p.until) {
    yield time;
    time = cron.nextRun(time);
  }
}

/** The first due time after a moment; undefined when there is none (30 February). */
export function nextCronTime(expression: string, zone: string, after: Date): Date | undefined {
  return parseCron(expression, zone).nextRun(after) ?? undefined;
}

/** Throws SCHEDULE_INVALID for an expression or zone that does not exist. */
export function parseCron(expression: string, zone: string): Cron {
  try {
    const cron = new Cron(expression, { timezone: zone, paused: true });
    cron.nextRun(new Date(0));
    return cron;
  } catch (error) {
    throw new RotaError(
      'SCHEDULE_INVALID',
      `The schedule "${expression}" in zone "${zone}" is not understood: give five cron fields, such as "0 2 1,20 * *", and a zone such as Europe/Berlin`,
      { cause: error, facts: { expression, zone } },
    );
  }
}

/** Which of the due times that have come since the last one handled are to be run, oldest first. */
export function dueTimes(p: {
  readonly expression: string;
  readonly zone: string;
  readonly after: Date;
  readonly now: Date;
  readonly catchUp: CatchUp;
}): readonly Date[] {
  const { policy } = p.catchUp;
  const withinMs = policy === 'none' ? Math.min(lateMs, p.catchUp.withinMs) : p.catchUp.withinMs;
  const oldest = new Date(p.now.getTime() - Math.max(withinMs, lateMs));
  const after = p.after > oldest ? p.after : new Date(oldest.getTime() - 1);
  const times: Date[] = [];
  for (const time of cronTimes({ expression: p.expression, zone: p.zone, after, until: p.now })) {
    times.push(time);
    if (policy === 'all' ? times.length >= mostAtOnce : times.length > 1) {
      if (policy === 'all') break;
      times.shift();
    }
  }
  return times;
}

/** `20261122` in the zone, or `20261122T0230Z`, which no change of clocks makes ambiguous. */
export function dateOf(due: Date, zone: string, dated: 'day' | 'minute'): string {
  if (dated === 'minute') return `${due.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}Z`;
  const parts = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(due);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}${part('month')}${part('day')}`;
}
