import type { FarmConfig } from '../../config/farm-config.ts';
import type { ScheduleConfig } from '../../config/schedule-config.ts';
import { type Subject, subjectName } from '../../core/ids.ts';
import type { JobDefinition, JobSettings } from '../definition/job-definition.ts';
import { changesIndexName, changesMarkName, changesName, farmSubject } from './names.ts';
import type { ChangesServices } from './services.ts';

/** Takes down, for each wiki, up to which revision the day goes. */
export const changesMark: JobDefinition<ChangesServices> = {
  name: changesMarkName,
  subjectKind: 'wiki',
  claimedBy: 'workers',
  subjects: openWikis,
  settings: (farm) => settingsOf(farm, farm.jobs.changes.mark),
  plan: (farm, { subject, dueAt }) => ({
    parameters: { dueAt: dueAt.toISOString() },
    slots: slotsOf(farm, subject),
  }),
  audience: () => 'public',
  startCommand: (subject) => `rota changes mark ${subject}`,
  load: async () => (await import('./index.ts')).changesMarkWork,
};

/** Dumps what happened in a wiki between two marks. */
export const changes: JobDefinition<ChangesServices> = {
  name: changesName,
  subjectKind: 'wiki',
  claimedBy: 'workers',
  subjects: openWikis,
  settings: (farm) => settingsOf(farm, farm.jobs.changes.dump),
  plan: (farm, { subject }) => ({ parameters: {}, slots: [changesName, ...slotsOf(farm, subject)] }),
  audience: () => 'public',
  startCommand: (subject) => `rota changes run ${subject}`,
  load: async () => (await import('./index.ts')).changesWork,
  loadMonitoring: async () => (await import('./monitor/index.ts')).changesMonitoring(),
};

/** Writes the page with the latest good day of each wiki. */
export const changesIndex: JobDefinition<ChangesServices> = {
  name: changesIndexName,
  subjectKind: 'farm',
  claimedBy: 'workers',
  subjects: () => [farmSubject],
  settings: (farm) => settingsOf(farm, farm.jobs.changes.index),
  plan: () => ({ parameters: {}, slots: [] }),
  audience: () => 'public',
  startCommand: () => 'rota changes index',
  load: async () => (await import('./index.ts')).changesIndexWork,
};

/** Closed and private wikis have no adds/changes dumps. */
function openWikis(farm: FarmConfig): readonly Subject[] {
  return [...farm.wikis.values()]
    .filter((wiki) => !wiki.isClosed && !wiki.isPrivate)
    .map((wiki) => subjectName(wiki.name));
}

const slotsOf = (farm: FarmConfig, wiki: string): readonly string[] => farm.wikis.get(wiki)?.slots ?? [];

function settingsOf(farm: FarmConfig, schedule: ScheduleConfig): JobSettings | null {
  if (schedule.schedule.kind === 'manual') return null;
  const { slots, retries, resumeWithinMs, deadlineMs } = farm.jobs.changes.settings;
  return {
    ...schedule,
    slots,
    tries: retries.times + 1,
    backoffMs: retries.delayMs,
    resumeWithinMs,
    overdueAfterMs: deadlineMs,
  };
}
