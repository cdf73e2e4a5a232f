import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WriterOptions } from '../../../export/writer/options.ts';
import type { SiteInfo } from '../../../mediawiki/siteinfo/site-info.ts';
import { Workspace } from '../../../publish/workspace/workspace.ts';
import { type ChangesContext, wikiOf } from '../services.ts';

/** Where things lie in the private folder of a run. */
export interface DayFolder {
  readonly siteInfo: string;
  /** Spools of the revisions in the increment and of those that are restored. */
  readonly increment: string;
  readonly restored: string;
  /** Page changes as they were found: moves are not settled yet. */
  readonly found: string;
  /** What became of them, and which users were renamed. */
  readonly findings: string;
  /** There while the day is read again after a look that found something hidden. */
  readonly again: string;
  readonly scratch: string;
  readonly pieces: string;
  readonly files: string;
}

export function dayFolder(context: ChangesContext): DayFolder {
  const at = (name: string) => join(context.workspace, name);
  return {
    siteInfo: at('siteinfo.json'),
    increment: at('increment'),
    restored: at('restored'),
    found: at('found.jsonl'),
    findings: at('findings.json'),
    again: at('again'),
    scratch: at('scratch'),
    pieces: at('pieces'),
    files: at('files'),
  };
}

/** The run's folder beside the private tree: what Rota keeps to itself must be made on that file system. */
export async function privateWorkspace(context: ChangesContext): Promise<Workspace> {
  return await Workspace.open(context.services.trees.private, context.run.id, context.run.epoch);
}

/** Days are always in the profile of published dumps: ledgers are made of it. */
export async function writerOf(context: ChangesContext): Promise<WriterOptions> {
  const { fullDump, contentModels } = wikiOf(context.services, context.run.subject);
  const siteInfo = JSON.parse(await readFile(dayFolder(context).siteInfo, 'utf8')) as SiteInfo;
  return {
    schema: fullDump.schema,
    profile: 'text-pass',
    texts: 'full',
    asMediawiki: fullDump.asMediawiki,
    siteInfo,
    modelFormats: contentModels,
  };
}

export function dayFileName(context: Pick<ChangesContext, 'run'>, name: string): string {
  return `${context.run.subject}-${context.run.date}-${name}`;
}
