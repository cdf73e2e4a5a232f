import { Cron } from 'croner';
import * as z from 'zod';
import { group, setting } from './setting.ts';
import { choice, duration } from './values.ts';

const scheduleForms =
  'a cron expression of five fields (minute, hour, day, month, weekday), continuous, or off';

const schedule = z
  .string({ error: scheduleForms })
  .refine(isSchedule, { error: scheduleForms, abort: true })
  .refine(comes, { error: 'a cron expression of a time that comes; this one never does' })
  .transform((value): 'continuous' | 'off' | { readonly cron: string } =>
    value === 'continuous' || value === 'off' ? value : { cron: value.trim() },
  )
  .meta({ kind: 'cron expression, continuous or off' });

export const zone = z
  .string({ error: 'an IANA time zone such as UTC or Europe/Berlin' })
  .refine(isZone, { error: 'an IANA time zone such as UTC or Europe/Berlin' })
  .meta({ kind: 'time zone' });

/** The keys that every job has. */
export const scheduleShape = {
  schedule: setting(
    schedule,
    'When the job is due: a cron expression; `continuous` (the least recently done subject, again and again); or `off` (only when asked).',
    'off',
  ),
  zone: setting(zone, 'Time zone of the schedule; a run takes its date from it.', 'UTC'),
  coolDown: setting(duration, 'With `continuous`: a subject is not done again sooner than this.', '1d'),
  catchUp: setting(
    group({
      policy: setting(
        choice(['all', 'latest', 'none']),
        'Which missed due times are made up for: all (oldest first), the latest, or none.',
        'latest',
      ),
      within: setting(duration, 'How old a missed due time may be.', '14d'),
    }),
    'What happens to due times that passed while no worker ran.',
  ),
};

function isSchedule(value: string): boolean {
  if (value === 'continuous' || value === 'off') return true;
  if (!value.startsWith('@') && value.trim().split(/\s+/).length !== 5) return false;
  try {
    new Cron(value, { paused: true, timezone: 'UTC' });
    return true;
  } catch {
    return false;
  }
}

/** 30 February is well said, and no schedule all the same. */
function comes(value: string): boolean {
  if (value === 'continuous' || value === 'off') return true;
  return new Cron(value, { paused: true, timezone: 'UTC' }).nextRun() !== null;
}

function isZone(value: string): boolean {
  // What stands there if nothing is set: asking would load the time zones, 20 ms of CPU at each start.
  if (value === 'UTC') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
