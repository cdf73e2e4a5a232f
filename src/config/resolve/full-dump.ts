import type * as z from 'zod';
import type { Path } from '../faults/document.ts';
import { type FullDumpJob, type FullDumpSettings, fullDumpOutputs } from '../full-dump-config.ts';
import { defaultsOf, schemaOf } from '../json-schema.ts';
import type { Schedule } from '../schedule-config.ts';
import { fullDumpJob } from '../schema/full-dump.ts';
import { mergeSettings } from './merge-settings.ts';
import type { Report } from './report.ts';

type Complete<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]-?: Complete<Exclude<T[K], undefined>> }
    : T;

/** The job's keys with the defaults in place; only `threads` is left to the machine. */
export type ParsedFullDumpJob = Omit<Complete<z.output<typeof fullDumpJob>>, 'threads'> & {
  readonly threads?: number | undefined;
};
export type ParsedFullDumpSettings = Omit<
  ParsedFullDumpJob,
  'schedule' | 'zone' | 'coolDown' | 'catchUp' | 'slots'
>;

export function completeFullDumpJob(given: z.output<typeof fullDumpJob> | undefined): ParsedFullDumpJob {
  const defaults = fullDumpJob.parse(defaultsOf(schemaOf(fullDumpJob))) as ParsedFullDumpJob;
  return mergeSettings<ParsedFullDumpJob>(defaults, given);
}

export function resolveFullDumpJob(job: ParsedFullDumpJob, settings: FullDumpSettings): FullDumpJob {
  return {
    schedule: resolveSchedule(job),
    catchUp: { policy: job.catchUp.policy, withinMs: job.catchUp.within },
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

function resolveSchedule(job: ParsedFullDumpJob): Schedule {
  if (job.schedule === 'off') return { kind: 'manual', zone: job.zone };
  if (job.schedule === 'continuous') return { kind: 'continuous', coolDownMs: job.coolDown, zone: job.zone };
  return { kind: 'cron', expression: job.schedule.cron, zone: job.zone };
}
