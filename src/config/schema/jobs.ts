import { fullDumpJob } from './full-dump.ts';
import { group, setting } from './setting.ts';

/** `jobs`: a line a job. One that is not named is not scheduled; full dumps have defaults for everything. */
export const jobs = group({
  'full-dump': setting(fullDumpJob, 'Full dumps of every wiki.'),
});
