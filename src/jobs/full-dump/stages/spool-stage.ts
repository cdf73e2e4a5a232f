import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { openRedirects } from '../../../dumping/redirects.ts';
import { SpoolWriter } from '../../../dumping/spool/spool-writer.ts';
import { openWiki, wikiAccess } from '../../../dumping/wiki-access.ts';
import { frozenSiteInfo } from '../content/site.ts';
import { writeTitleLists } from '../lists/title-lists.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import { type FullDumpServices, wikiOf } from '../services.ts';
import { readSnapshots } from '../spool/read-snapshots.ts';
import type { SpoolSummary } from '../spool/spool-summary.ts';
import { takeOverSpool, writeSpoolSummary } from '../spool/take-over-spool.ts';

/**
 * Writes all metadata of the wiki, from one snapshot, to the private spool that every later stage reads; the lists of
 * titles come from the same snapshot. Lost snapshots begin the spool anew.
 */
export class SpoolStage extends Stage<FullDumpServices> {
  readonly name = 'spool';
  override readonly needs = ['preflight'];
  override readonly retries = { tries: 6, backoffMs: 5_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    const { services, run, signal, log, clock } = context;
    const wiki = wikiOf(services, run.subject);
    const folder = runFolder(context);
    await services.status.begin(context);
    const taken = await takeOverSpool(context);
    if (taken !== null) return done(taken);
    await rm(folder.scratch, { recursive: true, force: true });
    await mkdir(folder.scratch, { recursive: true, mode: 0o700 });
    const siteInfo = await frozenSiteInfo(context);
    const access = wikiAccess(wiki);
    await using reading = await openWiki(access, { log, signal, scratchFolder: folder.scratch });
    await using opened = await openRedirects(access, siteInfo, log);
    await using spool = await SpoolWriter.create(folder.spool);
    services.meter.start(0, 0);
    const { consistency, doubled, greatestPageId, greatestLogId } = await readSnapshots(reading, {
      perRangeRevisions: wiki.fullDump.spool.perRangeRevisions,
      piece: wiki.fullDump.piece,
      redirects: opened.redirects,
      clock,
      signal,
      onChunk: async (chunk) => {
        await spool.add(chunk);
        services.meter.add(chunk.revisionCount, 0);
        context.progress(services.meter.progress('revisions'));
      },
    });
    // Still inside the (last) snapshot: titles and pages are of one state.
    if (wiki.fullDump.outputs.includes('titles')) {
      await writeTitleLists(reading, { folder: join(folder.spool, 'titles'), signal });
    }
    const manifest = await spool.finish(consistency, { greatestLogId });
    await rm(folder.scratch, { recursive: true, force: true });
    const { pages, revisions, contentBytes } = manifest;
    const summary: SpoolSummary = { consistency, pages, revisions, contentBytes, greatestPageId, doubled };
    await writeSpoolSummary(context, summary);
    return done(summary);
  }
}
