import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openRedirects } from '../../../dumping/redirects.ts';
import { SpoolWriter } from '../../../dumping/spool/spool-writer.ts';
import { openWiki, siteInfoSource, type WikiReading, wikiAccess } from '../../../dumping/wiki-access.ts';
import { checkReplicationLag } from '../../../mediawiki/database/replication-lag.ts';
import {
  type ChosenRevisions,
  chosenRevisions,
  findRevisionsOfRange,
  readChosenRevisions,
} from '../../../mediawiki/metadata/read-chosen-revisions.ts';
import { greatestLogId } from '../../../mediawiki/metadata/read-logs.ts';
import type { RedirectResolver } from '../../../mediawiki/metadata/read-pages-options.ts';
import { readSiteInfo } from '../../../mediawiki/siteinfo/read-site-info.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { dayFolder, writerOf } from '../day/day-folder.ts';
import type { DayPlan } from '../day/plan-day.ts';
import { checkPassedMark } from '../marks/check-passed-mark.ts';
import { type ChangesContext, wikiOf } from '../services.ts';
import { type Compared, compareWithBases, type LedgersMade } from './compare-with-bases.ts';

/** What the later stages go by. */
export interface StateSummary {
  readonly plan: Extract<DayPlan, { kind: 'dump' }>;
  readonly snapshotAt: string;
  readonly greatestLogId: number;
  readonly ledgers: LedgersMade | null;
  /** How pages that changed were found; null where it was not asked. */
  readonly compared: Compared | null;
}

/**
 * Reads, from one snapshot, the revisions between the marks, and (exact days) the state of the whole wiki up to the
 * mark: compared with the state of the day before it shows everything else that changed. What an earlier reading left is
 * removed.
 * @param options `again`: an earlier reading of the day was whole; pages that were not touched since are taken from it
 */
export async function readState(
  context: ChangesContext,
  plan: Extract<DayPlan, { kind: 'dump' }>,
  options: { readonly again?: boolean } = {},
): Promise<StateSummary> {
  const { services, run, signal, log, clock } = context;
  const wiki = wikiOf(services, run.subject);
  const folder = dayFolder(context);
  for (const path of [folder.scratch, folder.increment, folder.restored, folder.files]) {
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
  const access = wikiAccess(wiki);
  const { siteInfo } = await readSiteInfo(siteInfoSource(wiki), { signal, databaseName: wiki.name });
  await writeFileAtomic(folder.siteInfo, JSON.stringify(siteInfo), { mode: 0o600 });
  await using reading = await openWiki(access, { log, signal, scratchFolder: folder.scratch });
  if (wiki.maxReplicationLagMs !== null) {
    await checkReplicationLag(reading.connection, { maxReplicationLagMs: wiki.maxReplicationLagMs, log });
  }
  const snapshot = await reading.connection.beginSnapshot(signal);
  log.info({ takenAt: snapshot.takenAt }, 'the day is read from this snapshot');
  await checkPassedMark(reading, plan.mark, { now: clock.now(), signal });
  const logs = await greatestLogId(reading.connection, reading.schema, signal);
  await using opened = await openRedirects(access, siteInfo, log);
  const spool = (path: string, chosen: ChosenRevisions) =>
    spoolRevisions(path, reading, chosen, { redirects: opened.redirects, signal, at: snapshot.takenAt });
  const upTo = plan.mark.revisionId;
  const { connection, schema } = reading;
  const increment =
    plan.previousMark === null
      ? chosenRevisions([])
      : await findRevisionsOfRange(connection, schema, { after: plan.previousMark, upTo }, signal);
  await spool(folder.increment, increment);
  const isExact = services.farm.jobs.changes.settings.exact !== 'off';
  const compared = isExact
    ? await compareWithBases(context, {
        reading,
        plan,
        redirects: opened.redirects,
        ...{ logs, access, takenAt: snapshot.takenAt.toISOString(), again: options.again === true },
        writer: await writerOf(context),
      })
    : null;
  await spool(folder.restored, compared?.restored ?? chosenRevisions([]));
  await rm(join(folder.scratch), { recursive: true, force: true });
  return {
    plan,
    snapshotAt: snapshot.takenAt.toISOString(),
    greatestLogId: logs,
    ledgers: compared?.ledgers ?? null,
    compared: compared?.compared ?? null,
  };
}

async function spoolRevisions(
  path: string,
  { connection, schema }: WikiReading,
  chosen: ChosenRevisions,
  options: { readonly redirects: RedirectResolver; readonly signal: AbortSignal; readonly at: Date },
): Promise<void> {
  await using spool = await SpoolWriter.create(path);
  for await (const chunk of readChosenRevisions(connection, schema, chosen, {
    ...options,
    targetChunkRevisions: 1000,
    targetChunkBytes: 4 << 20,
  })) {
    await spool.add(chunk);
  }
  const greatestRevisionId = chosen.ids.reduce((greatest, id) => Math.max(greatest, id), 0);
  await spool.finish({ kind: 'snapshot', at: options.at.toISOString(), greatestRevisionId });
}
