import { join } from 'node:path';
import type { StageContext } from '../../control/stage.ts';
import type { Audience } from '../../publish/workspace/tree.ts';
import { Workspace } from '../../publish/workspace/workspace.ts';
import { type FullDumpServices, type StatusServices, wikiOf } from './services.ts';

export type FullDumpContext = StageContext<FullDumpServices>;

/** What status files are made from: also had by those who only look at a run, such as the monitor. */
export type StatusContext = Pick<
  FullDumpContext,
  'run' | 'clock' | 'readPointer' | 'summaryOf' | 'assertCurrent' | 'assertTrusted'
> & { readonly services: StatusServices };

/** Where things lie in the private folder of a run. */
export interface RunFolder {
  readonly spool: string;
  readonly siteInfo: string;
  readonly assembled: string;
  readonly redactions: string;
  readonly splits: string;
  /** What is taken over from the date before. */
  readonly carry: string;
  readonly scratch: string;
}

export function runFolder(context: FullDumpContext): RunFolder {
  const at = (name: string) => join(context.workspace, name);
  return {
    spool: at('spool'),
    siteInfo: at('siteinfo.json'),
    assembled: at('assembled'),
    redactions: at('redactions.json'),
    splits: at('splits.json'),
    carry: at('carry'),
    scratch: at('scratch'),
  };
}

/** Which tree the run's files enter: a private wiki's all enter the private one. */
export function audienceOf(
  context: Pick<StatusContext, 'run'> & { readonly services: Pick<StatusServices, 'farm'> },
): Audience {
  return wikiOf(context.services, context.run.subject).isPrivate ? 'private' : 'public';
}

/** The run's folder beside the tree of an audience: files must be made on the file system of their tree. */
export async function workspaceFor(context: FullDumpContext, audience: Audience): Promise<Workspace> {
  return await Workspace.open(context.services.trees[audience], context.run.id, context.run.epoch);
}
