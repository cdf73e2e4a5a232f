import type * as z from 'zod';
import type { Path } from '../faults/document.ts';
import { type FullDumpJob, type FullDumpSettings, fullDumpOutputs } from '../full-dump-config.ts';
import { fullDumpJob } from '../schema/full-dump.ts';
import { type Complete, complete } from './complete.ts';
import type { Report } from './report.ts';
import { resolveSchedule } from './schedule.ts';

/** The job's keys with the defaults in place; only `threads` is left to the machine. */
export type ParsedFullDumpJob = Omit<Complete<z.output<typeof fullDumpJob>>, 'threads'> & {
  readonly threads?: number | undefined;
};
export type ParsedFullDumpSettings = Omit<
  ParsedFullDumpJob,
  'schedule' | 'zone' | 'coolDown' | 'catchUp' | 'slots'
>;

export function completeFullDumpJob(given: z.output<typeof fullDumpJob> | undefined): ParsedFullDumpJob {
  return complete<ParsedFullDumpJob>(fullDumpJob, given);
}

export function resolveFullDumpJob(job: ParsedFullDumpJob, settings: FullDumpSettings): FullDumpJob {
  return {
    ...resolveSchedule(job),
    slots: job.slots,
    settings,
  };
}

export function resolveFullDumpSettings(
  given: ParsedFullDumpSettings,
  { report, path, cores }: { readonly report: Report; readonly path: Path; readonly cores: number },
): FullDumpSettings {
  if (given.outputs.length === 0)
    report.fault([...path, 'outputs'], 'the list is empty: nothing would be dumped');
  if (given.outputs.includes('multistream') && !given.outputs.includes('articles')) {
    report.fault([...path, 'outputs'], 'multistream is made from articles; name articles, too');
  }
  const { history } = given.compression;
  if (history.includes('7z') && history.length === 1) {
    report.fault(
      [...path, 'compression', 'history'],
      '7z is made from another format of the same file; name bz2 or zst, too',
    );
  }
  return {
    outputs: fullDumpOutputs.filter((output) => given.outputs.includes(output)),
    compression: given.compression,
    split: given.split,
    schema: given.schema,
    profile: given.profile,
    asMediawiki: given.asMediawiki,
    threads: given.threads ?? cores,
    spool: { perRangeRevisions: given.spool.perRange },
    piece: { rawBytes: given.piece.size, revisions: given.piece.revisions },
    bundle: given.bundle,
    carryOver: { enabled: given.carryOver.enabled, recheck: given.carryOver.recheck ?? 0 },
    verify: given.verify === 'full' ? 1 : given.verify,
    tolerance: given.tolerance,
    shrinkGuard: given.shrinkGuard,
    publish: given.publish,
    keep: given.keep,
    resumeWithinMs: given.resumeWithin,
    heldForMs: given.heldFor,
    retries: { times: given.retries.times, delayMs: given.retries.delay, factor: given.retries.factor },
    deadlineMs: given.deadline,
  };
}
