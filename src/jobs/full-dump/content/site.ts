import { readFile } from 'node:fs/promises';
import type { LaneSpec } from '../../../dumping/piece/piece-spec.ts';
import { laneFilters } from '../../../dumping/piece/piece-spec.ts';
import type { WriterOptions } from '../../../export/writer/options.ts';
import { renderFooter, renderHeader } from '../../../export/writer/site-head.ts';
import type { SiteInfo } from '../../../mediawiki/siteinfo/site-info.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import type { Frame } from './joined-file.ts';

/** What the wiki said of itself when the run began: all files of a run have the same head. */
export async function frozenSiteInfo(context: FullDumpContext): Promise<SiteInfo> {
  return JSON.parse(await readFile(runFolder(context).siteInfo, 'utf8')) as SiteInfo;
}

export async function writerOptions(
  context: FullDumpContext,
  texts: WriterOptions['texts'],
): Promise<WriterOptions> {
  const { fullDump, contentModels } = wikiOf(context.services, context.run.subject);
  const { schema, profile, asMediawiki } = fullDump;
  const siteInfo = await frozenSiteInfo(context);
  return { schema, profile, texts, asMediawiki, siteInfo, modelFormats: contentModels };
}

/** Head and foot of a lane's XML. */
export async function frameOf(context: FullDumpContext, lane: LaneSpec): Promise<Frame> {
  const options = await writerOptions(context, laneFilters[lane.output].texts);
  return { header: renderHeader(options), footer: renderFooter(options) };
}
