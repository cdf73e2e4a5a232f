import { statfs } from 'node:fs/promises';
import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { namesOf, openWiki, siteInfoSource, wikiAccess } from '../../../dumping/wiki-access.ts';
import { findBz2Program } from '../../../export/containers/bz2/compressor.ts';
import { findSevenZip } from '../../../export/containers/seven-zip/write-archive.ts';
import { checkReplicationLag } from '../../../mediawiki/database/replication-lag.ts';
import { listTables } from '../../../mediawiki/metadata/list-tables.ts';
import { namesAnotherWiki } from '../../../mediawiki/siteinfo/names-another-wiki.ts';
import { readSiteInfo } from '../../../mediawiki/siteinfo/read-site-info.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { archives, contentLanes } from '../content/lanes.ts';
import type { PreflightSummary } from '../preflight-summary.ts';
import { readManifest } from '../publication/read-manifest.ts';
import { replaceDate } from '../publication/replace-date.ts';
import { audienceOf, type FullDumpContext, runFolder } from '../run-folder.ts';
import { type FullDumpServices, wikiOf } from '../services.ts';
import { chooseTables } from '../tables/choose-tables.ts';

/** Room for the spool, the pieces and the assembled files beside what is published: measured on generated wikis. */
const workspaceFactor = 2.5;

/** Looks at everything that would otherwise fail hours later, and freezes what the wiki says of itself. */
export class PreflightStage extends Stage<FullDumpServices> {
  readonly name = 'preflight';
  override readonly retries = { tries: 4, backoffMs: 15_000 };
  readonly deadlineMs = 10 * 60_000;

  async run(context: FullDumpContext): Promise<StageOutcome> {
    const { services, run, signal, log } = context;
    const wiki = wikiOf(services, run.subject);
    if (contentLanes(wiki.fullDump).some((lane) => lane.format === 'bz2')) {
      await findBz2Program(services.searchPath);
    }
    if (archives(wiki.fullDump).length > 0) await findSevenZip(services.searchPath);
    await checkDisk(context);
    const replacedAt = await replaceDate(context);
    const { siteInfo, lacks } = await readSiteInfo(siteInfoSource(wiki), { signal, databaseName: wiki.name });
    const other = namesAnotherWiki(siteInfo, namesOf(wiki), wiki.tablePrefix);
    if (other !== null) {
      log.warn(
        { wiki: wiki.name },
        `the siteinfo of ${siteInfoSource(wiki)} is that of the wiki ${other}: the dump has its name and namespaces`,
      );
    }
    if (lacks.length > 0)
      log.warn({ wiki: wiki.name }, `the siteinfo source does not tell: ${lacks.join(', ')}`);
    await using reading = await openWiki(wikiAccess(wiki), { log, signal });
    if (wiki.maxReplicationLagMs !== null) {
      await checkReplicationLag(reading.connection, { maxReplicationLagMs: wiki.maxReplicationLagMs, log });
    }
    await writeFileAtomic(runFolder(context).siteInfo, JSON.stringify(siteInfo), { mode: 0o600 });
    const tables = chooseTables(await listTables(reading.connection), wiki)
      .tables.filter((chosen) => chosen.audience === audienceOf(context))
      .map((chosen) => chosen.table);
    const summary: PreflightSummary = {
      tables,
      schema: reading.schema.generation,
      generator: siteInfo.generator,
      lacks,
      ...(replacedAt === undefined ? {} : { replacedAt }),
    };
    return done(summary);
  }
}

/** A dump that cannot fit is refused before it begins. The estimate is the last published date's size. */
async function checkDisk(context: FullDumpContext): Promise<void> {
  const tree = context.services.trees[audienceOf(context)];
  const { bavail, bsize, ffree, files } = await statfs(tree.workRoot);
  const last = await readManifest(context, 'previous');
  const published = Object.values(last?.sets ?? {}).flatMap((set) => set.files);
  const neededBytes = published.reduce((sum, file) => sum + file.sizeBytes, 0) * workspaceFactor;
  const freeBytes = bavail * bsize;
  const facts = { folder: tree.workRoot, freeBytes, neededBytes };
  if (freeBytes < neededBytes) {
    throw new RotaError(
      'DISK_FULL',
      `${tree.workRoot} has ${sizeText(freeBytes)} free, but the last dump's size asks for ${sizeText(neededBytes)}; make room or lower jobs.full-dump.keep`,
      { facts },
    );
  }
  // Some file systems count no inodes and say 0 of 0.
  if (files > 0 && ffree < published.length * 4 + 100) {
    throw new RotaError('DISK_FULL', `${tree.workRoot} has only ${ffree} inodes left; make room`, { facts });
  }
}

function sizeText(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
