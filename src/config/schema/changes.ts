import * as z from 'zod';
import { scheduleShape } from './schedule.ts';
import { group, setting } from './setting.ts';
import { choice, count, duration, timeLimit } from './values.ts';

const folderForm = 'a folder below the public tree, such as other/incr';

const folder = z
  .string({ error: folderForm })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*(\/[A-Za-z0-9][A-Za-z0-9_.-]*)*$/, {
    error: folderForm,
  });

// Days build on one another: every one is made up for.
const eachDay = {
  ...scheduleShape,
  catchUp: setting(
    group({
      policy: setting(
        choice(['all', 'latest', 'none']),
        'Which missed due times are made up for: all (oldest first), the latest, or none.',
        'all',
      ),
      within: setting(duration, 'How old a missed due time may be.', '35d'),
    }),
    'What happens to due times that passed while no worker ran.',
  ),
};

/** `jobs.changes-mark`. */
export const changesMarkJob = group(eachDay);

/** `jobs.changes`. */
export const changesJob = group({
  ...eachDay,
  folder: setting(folder, 'Where the days lie below the public tree.', 'other/incr'),
  delay: setting(
    duration,
    'The dump is made this long after its mark, so that vandalism may be removed first; at least 10 minutes, for ids are committed out of order.',
    '12h',
  ),
  exact: setting(
    choice(['state', 'log-hints', 'off']),
    'state: read all metadata of the wiki and tell everything that changed, so that a full dump can be brought up to date exactly. log-hints: read only pages at which the log, new revisions or their last touch hint; cheaper, for huge wikis, and not promised to be exact. off: only dump new revisions.',
    'state',
  ),
  keep: setting(count(2), 'Days that are kept for each wiki.', 35),
  threads: setting(count(1, 1024), "Worker threads for texts; by default the machine's cores."),
  slots: setting(count(1, 1024), 'Runs of this job that one worker has at once.', 2),
  resumeWithin: setting(
    duration,
    'An unfinished day younger than this is resumed; an older one is skipped.',
    '35d',
  ),
  retries: setting(
    group({
      times: setting(count(0, 100), 'Tries after the first.', 3),
      delay: setting(duration, 'Delay before the first of them.', '5m'),
    }),
    'What is tried again by itself after a failure.',
  ),
  deadline: setting(timeLimit, 'A run that takes longer fails.', '1d'),
});

/** `jobs.changes-index`. */
export const changesIndexJob = group(scheduleShape);
