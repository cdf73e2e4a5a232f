import { changesIndexJob, changesJob, changesMarkJob } from './changes.ts';
import { fullDumpJob } from './full-dump.ts';
import { phabricatorLoadJob, reportJob } from './phabricator.ts';
import { group, setting } from './setting.ts';

/** `jobs`: a line a job. One that is not named is not scheduled; full dumps have defaults for everything. */
export const jobs = group({
  'full-dump': setting(fullDumpJob, 'Full dumps of every wiki.'),
  'phabricator-load': setting(phabricatorLoadJob, 'Loading the tracker.'),
  report: setting(reportJob, 'Reports of every scope; each waits for the load of its day.'),
  'changes-mark': setting(changesMarkJob, 'Marks of adds/changes dumps: up to which revision a day goes.'),
  changes: setting(changesJob, 'Adds/changes dumps: what happened between two marks.'),
  'changes-index': setting(changesIndexJob, 'The page with the latest adds/changes dump of each wiki.'),
});
