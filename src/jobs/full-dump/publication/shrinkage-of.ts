import {
  describeShrinkage,
  findShrinkage,
  type OutputMeasure,
} from '../../../publish/retention/shrink-guard.ts';
import type { FileCounts, MadeFile } from '../made-file.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { readManifest } from './read-manifest.ts';

/** Sentences about outputs that are much smaller than on the last published date. */
export async function shrinkageOf(
  context: FullDumpContext,
  files: readonly MadeFile[],
): Promise<readonly string[]> {
  const { shrinkGuard } = wikiOf(context.services, context.run.subject).fullDump;
  if (shrinkGuard === null) return [];
  const previous = await readManifest(context, 'previous');
  if (previous === null) return [];
  const before = Object.values(previous.sets).flatMap((set) =>
    set.files.map((file) => measure(file.output, file.counts ?? {}, file.rawBytes ?? 0)),
  );
  const now = files.map((file) => measure(file.output, file.counts, file.rawBytes));
  return findShrinkage(before, now, { maxPercent: shrinkGuard * 100 }).map(describeShrinkage);
}

function measure(output: string, counts: FileCounts, rawBytes: number): OutputMeasure {
  return { output, pages: counts.pages ?? 0, revisions: counts.revisions ?? 0, rawBytes };
}
