import { subjectName } from '../../core/ids.ts';
import type { JobDefinition } from '../definition/job-definition.ts';
import { phabricatorLoadName } from './names.ts';
import type { ReportServices } from './services.ts';

/** Loads the tracker that reports are made from. */
export const phabricatorLoadJob: JobDefinition<ReportServices> = {
  name: phabricatorLoadName,
  subjectKind: 'tracker',
  claimedBy: 'workers',
  subjects: (farm) => (farm.phabricator === null ? [] : [subjectName(farm.phabricator.name)]),
  settings: (farm) => {
    if (farm.phabricator === null) return null;
    const { schedule, catchUp, slots, deadlineMs } = farm.jobs.phabricatorLoad;
    return { schedule, catchUp, slots, overdueAfterMs: deadlineMs };
  },
  plan: () => ({ parameters: {}, slots: [phabricatorLoadName] }),
  audience: () => 'private',
  startCommand: () => 'rota report load',
  load: async () => (await import('./index.ts')).phabricatorLoadWork,
};
