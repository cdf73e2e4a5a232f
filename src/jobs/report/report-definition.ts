import { runId, subjectName } from '../../core/ids.ts';
import type { JobDefinition } from '../definition/job-definition.ts';
import { phabricatorLoadName, reportName } from './names.ts';
import type { ReportServices } from './services.ts';

/** Publishes the report of one scope; it waits for the load of its day. */
export const reportJob: JobDefinition<ReportServices> = {
  name: reportName,
  subjectKind: 'scope',
  claimedBy: 'workers',
  subjects: (farm) => (farm.phabricator === null ? [] : [...farm.scopes.keys()].map(subjectName)),
  settings: (farm) => {
    if (farm.phabricator === null) return null;
    const { schedule, catchUp, slots, heldForMs, deadlineMs } = farm.jobs.report;
    return { schedule, catchUp, slots, heldForMs, overdueAfterMs: deadlineMs };
  },
  plan: (farm, { id }) => ({
    parameters: {},
    slots: [reportName],
    needs:
      farm.phabricator === null
        ? []
        : [runId(phabricatorLoadName, subjectName(farm.phabricator.name), id.split('/')[2] ?? '')],
  }),
  audience: () => 'public',
  startCommand: (subject) => `rota report run -s ${subject}`,
  loadMonitoring: async () => ({ chores: [(await import('./publishing/settle-notes.ts')).settleNotes] }),
  load: async () => (await import('./index.ts')).reportWork,
};
