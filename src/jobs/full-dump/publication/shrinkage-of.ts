import type { FilePart } from '../../../publish/dump-catalogue/dump-output.ts';
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
  const before = measures(Object.values(previous.sets).flatMap((set) => set.files));
  const now = measures(files);
  return findShrinkage(before, now, { maxPercent: shrinkGuard * 100 }).map(describeShrinkage);
}

interface MeasuredFile {
  readonly output: string;
  readonly counts?: FileCounts;
  readonly rawBytes?: number;
  readonly split?: Pick<FilePart, 'part' | 'frameBytes'>;
}

/** An output that is split, today or on the last date, is measured by all of its parts together, as if it were whole. */
export function measures(files: readonly MeasuredFile[]): readonly OutputMeasure[] {
  const byOutput = new Map<string, OutputMeasure>();
  for (const { output, counts = {}, rawBytes = 0, split } of files) {
    const repeated = split === undefined || split.part === 1 ? 0 : split.frameBytes;
    const sum = byOutput.get(output) ?? { output, pages: 0, revisions: 0, rawBytes: 0 };
    byOutput.set(output, {
      output,
      pages: sum.pages + (counts.pages ?? 0),
      revisions: sum.revisions + (counts.revisions ?? 0),
      rawBytes: sum.rawBytes + rawBytes - repeated,
    });
  }
  return [...byOutput.values()];
}
