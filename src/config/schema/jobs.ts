import { fullDumpJob } from './full-dump.ts';
import { phabricatorLoadJob, reportJob } from './phabricator.ts';
import { group, setting } from './setting.ts';

/** `jobs`: a line a job. One that is not named is not scheduled; full dumps have defaults for everything. */
export const jobs = group({
  'full-dump': setting(fullDumpJob, 'Full dumps of every wiki.'),
  'phabricator-load': setting(phabricatorLoadJob, 'Loading the tracker.'),
  report: setting(reportJob, 'Reports of every scope; each waits for the load of its day.'),
});
