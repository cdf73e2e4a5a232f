import type * as z from 'zod';
import type { ChangesConfig } from '../changes-config.ts';
import { changesIndexJob, changesJob, changesMarkJob } from '../schema/changes.ts';
import type { jobs } from '../schema/jobs.ts';
import { type Complete, complete } from './complete.ts';
import type { Report } from './report.ts';
import { resolveSchedule } from './schedule.ts';

const minimalDelayMs = 10 * 60_000;

/** Always there, so that days can be made by hand; what rota.yaml does not name is not scheduled. */
export function resolveChanges(
  given: z.output<typeof jobs> | undefined,
  { report, cores }: { readonly report: Report; readonly cores: number },
): ChangesConfig {
  const mark = complete<Complete<z.output<typeof changesMarkJob>>>(changesMarkJob, given?.['changes-mark']);
  const index = complete<Complete<z.output<typeof changesIndexJob>>>(
    changesIndexJob,
    given?.['changes-index'],
  );
  const { threads, ...job } = complete<
    Omit<Complete<z.output<typeof changesJob>>, 'threads'> & { readonly threads?: number | undefined }
  >(changesJob, given?.changes);
  if (job.delay < minimalDelayMs) {
    report.fault(
      ['jobs', 'changes', 'delay'],
      'revisions are committed out of order: at least 10 minutes must lie between a mark and its dump',
    );
  }
  return {
    mark: resolveSchedule(mark),
    dump: resolveSchedule(job),
    index: resolveSchedule(index),
    settings: {
      folder: job.folder,
      delayMs: job.delay,
      exact: job.exact,
      keep: job.keep,
      threads: threads ?? cores,
      slots: job.slots,
      resumeWithinMs: job.resumeWithin,
      retries: { times: job.retries.times, delayMs: job.retries.delay },
      deadlineMs: job.deadline,
    },
  };
}
