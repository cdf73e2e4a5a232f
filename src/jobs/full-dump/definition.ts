import { subjectName } from '../../core/ids.ts';
import type { JobDefinition } from '../definition/job-definition.ts';
import { fullDumpName } from './name.ts';
import type { FullDumpServices } from './services.ts';

/** Dumps one wiki completely: everything that the public may see, in the field's files. */
export const fullDump: JobDefinition<FullDumpServices> = {
  name: fullDumpName,
  subjectKind: 'wiki',
  claimedBy: 'workers',
  subjects: (farm) => [...farm.wikis.keys()].map(subjectName),
  settings: (farm) => {
    const { schedule, catchUp, slots, settings } = farm.jobs.fullDump;
    return {
      schedule,
      catchUp,
      slots,
      tries: settings.retries.times + 1,
      backoffMs: settings.retries.delayMs,
      resumeWithinMs: settings.resumeWithinMs,
      heldForMs: settings.heldForMs,
      overdueAfterMs: settings.deadlineMs,
    };
  },
  plan: (farm, { subject }) => ({
    parameters: {},
    slots: [fullDumpName, ...(farm.wikis.get(subject)?.slots ?? [])],
  }),
  audience: (farm, subject) => (farm.wikis.get(subject)?.isPrivate === false ? 'public' : 'private'),
  startCommand: (subject) => `rota dump ${subject}`,
  load: async () => (await import('./index.ts')).fullDumpWork,
  loadMonitoring: async () => (await import('./monitor/index.ts')).fullDumpMonitoring(),
};
