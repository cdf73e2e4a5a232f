import type { DumpSet } from '../../../publish/dump-catalogue/dump-output.ts';
import type { MadeFile } from '../made-file.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { type PublishResult, publishesEarly, publishSet } from './publish-set.ts';

/** Publishes a set as soon as it is made, unless the configuration wants all sets published together. */
export async function publishEarly(
  context: FullDumpContext,
  set: DumpSet,
  files: readonly MadeFile[],
): Promise<PublishResult | { readonly state: 'later' }> {
  if (!publishesEarly(context)) return { state: 'later' };
  return await publishSet(context, set, files);
}
