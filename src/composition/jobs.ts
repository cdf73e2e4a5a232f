import { changes, changesIndex, changesMark } from '../jobs/changes/definitions.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';
import { deploy } from '../jobs/deploy/definition.ts';
import { fullDump } from '../jobs/full-dump/definition.ts';
import { phabricatorLoadJob } from '../jobs/report/load-definition.ts';
import { reportJob } from '../jobs/report/report-definition.ts';

/** The jobs, in the order in which they are shown. A new one is one line here. */
export const farmJobs: readonly AnyJob[] = [
  fullDump,
  changesMark,
  changes,
  changesIndex,
  phabricatorLoadJob,
  reportJob,
  deploy,
];
