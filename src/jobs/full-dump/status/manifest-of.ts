import type { DumpSet, FilePart } from '../../../publish/dump-catalogue/dump-output.ts';
import { decodeTombstones, tombstonesKey } from '../../../publish/publication/tombstones.ts';
import type {
  Manifest,
  ManifestSet,
  ManifestSnapshot,
  ManifestTombstone,
} from '../../../publish/status/manifest.ts';
import type { FilesSummary, MadeFile } from '../made-file.ts';
import type { PreflightSummary } from '../preflight-summary.ts';
import { audienceOf, type StatusContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import type { SpoolSummary } from '../spool/spool-summary.ts';
import type { SetStatus } from './set-status.ts';

/** Raised when the writer's bytes change: outputs of different writers are not compared. */
export const writerVersion = '1';

/** The truth about a date as far as it is known now. */
export async function manifestOf(
  context: StatusContext,
  sets: ReadonlyMap<DumpSet, SetStatus>,
  previousDate: string | null,
): Promise<Manifest> {
  const { run, services, clock } = context;
  const spool = (await context.summaryOf('spool')) as SpoolSummary | undefined;
  const preflight = (await context.summaryOf('preflight')) as PreflightSummary | undefined;
  const readAt: Record<string, Date> = {};
  for (const stage of ['tables', 'logs']) {
    const at = ((await context.summaryOf(stage)) as FilesSummary | undefined)?.readAt;
    if (at !== undefined) readAt[stage] = new Date(at);
  }
  return {
    format: 'rota-manifest',
    version: 1,
    wiki: run.subject,
    date: run.date,
    previousDate,
    writtenAt: clock.now(),
    versions: {
      rota: services.version,
      writer: writerVersion,
      exportSchema: wikiOf(services, run.subject).fullDump.schema,
      ...(preflight?.generator === undefined ? {} : { mediawiki: preflight.generator }),
    },
    snapshot: spool === undefined ? null : snapshotOf(spool),
    readAt,
    sets: Object.fromEntries([...sets].map(([set, status]) => [set, manifestSet(context, status)])),
    tombstones: [
      ...(preflight?.replacedAt === undefined
        ? []
        : [{ at: new Date(preflight.replacedAt), what: 'replaced' as const }]),
      ...(await readTombstones(context)),
    ],
  };
}

/** What was taken back of an earlier publication of the date, or hidden in this one. */
async function readTombstones(context: StatusContext): Promise<readonly ManifestTombstone[]> {
  const { job, subject: wiki, date } = context.run;
  const key = tombstonesKey({ job, wiki, date });
  return decodeTombstones(key, await context.readPointer(key));
}

function manifestSet(context: StatusContext, status: SetStatus): ManifestSet {
  const audience = audienceOf(context);
  if (status.published === null)
    return { state: status.status === 'failed' ? 'failed' : 'waiting', files: [] };
  const known = new Map(status.files.map((file) => [file.name, file]));
  return {
    state: 'published',
    publishedAt: new Date(status.published.publishedAt),
    files: status.published.files
      .filter((file) => file.audience === audience)
      .map((file) => ({ name: file.name, ...file.digest, ...facts(known.get(file.name)) })),
  };
}

function facts(file: MadeFile | undefined): {
  output: string;
  rawBytes?: number;
  counts?: MadeFile['counts'];
  split?: FilePart;
} {
  if (!file) return { output: '' };
  const { output, rawBytes, counts, split } = file;
  return { output, rawBytes, counts, ...(split === undefined ? {} : { split }) };
}

function snapshotOf(spool: SpoolSummary): ManifestSnapshot {
  const { consistency } = spool;
  const ranges =
    consistency.kind === 'snapshot' ? [{ ...consistency, fromPage: 0, toPage: null }] : consistency.ranges;
  return {
    consistency: consistency.kind,
    ranges: ranges.map((range) => ({
      firstPageId: range.fromPage,
      lastPageId: range.toPage === null ? null : range.toPage - 1,
      takenAt: new Date(range.at),
      greatestRevisionId: range.greatestRevisionId,
    })),
    greatestPageId: spool.greatestPageId,
    greatestRevisionId: Math.max(0, ...ranges.map((range) => range.greatestRevisionId)),
  };
}
