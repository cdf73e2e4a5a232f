import type { DumpSet } from '../../../publish/dump-catalogue/dump-output.ts';
import { workspaceName } from '../../../publish/workspace/workspace.ts';
import type { MadeFile } from '../made-file.ts';
import { audienceOf, type FullDumpContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { publisherOf } from './publisher-of.ts';
import { shrinkageOf } from './shrinkage-of.ts';

export type PublishResult =
  | { readonly state: 'published' }
  | { readonly state: 'held'; readonly reason: string }
  | { readonly state: 'rejected' };

/**
 * Publishes one verified set, unless it shrank too much since the last published date or holds more unreadable texts
 * than is tolerated: then it is held, until somebody approves or rejects it.
 */
export async function publishSet(
  context: FullDumpContext,
  set: DumpSet,
  files: readonly MadeFile[],
  doubts: readonly string[] = [],
): Promise<PublishResult> {
  if (await isPublishedBefore(context, set)) return { state: 'published' };
  const approvals = await context.approvals();
  const decision = approvals.get(set) ?? approvals.get('*');
  if (decision === 'rejected') return { state: 'rejected' };
  const reasons = decision === 'approved' ? [] : [...doubts, ...(await shrinkageOf(context, files))];
  if (reasons.length > 0) {
    const reason = reasons.join('; ');
    await context.holdSet(set, reason);
    await context.services.status.setState(context, set, 'waiting');
    return { state: 'held', reason };
  }
  await publisherOf(context).publish({
    job: context.run.job,
    wiki: context.run.subject,
    date: context.run.date,
    set,
    privateWiki: audienceOf(context) === 'private',
    files,
  });
  await context.services.status.setState(context, set, 'done', files);
  return { state: 'published' };
}

/**
 * An earlier epoch published the set: it never changes, so this epoch's is not needed. Within one epoch publication is
 * repeated, which completes what a crash left half done.
 */
export async function isPublishedBefore(context: FullDumpContext, set: DumpSet): Promise<boolean> {
  const { job, subject: wiki, date, epoch, id } = context.run;
  const published = await publisherOf(context).readSet({ job, wiki, date, set });
  const own = workspaceName(id, epoch);
  return published?.files.some((file) => !file.committedPath.startsWith(`${own}/`)) ?? false;
}

/** Whether each set is published as soon as it is verified, or all together at the end. */
export function publishesEarly(context: FullDumpContext): boolean {
  return wikiOf(context.services, context.run.subject).fullDump.publish === 'sets';
}
