import type { PageRange } from '../../../dumping/piece/piece-spec.ts';
import { splitGroupOf } from '../../../dumping/piece/piece-spec.ts';
import type { FinishedPiece } from '../content/committed-pieces.ts';
import { contentLanes } from '../content/lanes.ts';
import { frameOf } from '../content/site.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import type { SpoolSummary } from '../spool/spool-summary.ts';
import { planParts } from './plan-parts.ts';
import { type GroupSplit, readSplitPlan, type SplitPlan, writeSplitPlan } from './split-plan.ts';

/** Decides, once all pieces are there, where the date's files are cut, and keeps to it from then on. */
export async function chooseParts(
  context: FullDumpContext,
  pieces: readonly FinishedPiece[],
): Promise<SplitPlan> {
  const frozen = (await readSplitPlan(context)) ?? [];
  if (frozen.every((split) => split.parts !== null)) return frozen;
  const plan: GroupSplit[] = [];
  for (const split of frozen) {
    if (split.parts !== null) {
      plan.push(split);
      continue;
    }
    const parts = await partsOf(context, split, pieces);
    plan.push({ ...split, parts, cuts: parts.slice(0, -1).map((part) => part.lastPageId) });
  }
  await writeSplitPlan(context, plan);
  return plan;
}

async function partsOf(
  context: FullDumpContext,
  split: GroupSplit,
  pieces: readonly FinishedPiece[],
): Promise<readonly PageRange[]> {
  const segments = pieces.flatMap(
    (piece) => piece.report.splits.find(({ group }) => group === split.group)?.segments ?? [],
  );
  const { greatestPageId } = (await context.summaryOf('spool')) as SpoolSummary;
  const [lane] = contentLanes(wikiOf(context.services, context.run.subject).fullDump).filter(
    ({ output }) => splitGroupOf(output) === split.group,
  );
  if (lane === undefined) return [{ firstPageId: 1, lastPageId: Math.max(1, greatestPageId) }];
  const { header, footer } = await frameOf(context, lane);
  return planParts(segments, {
    limits: split.limits,
    frameBytes: header.length + footer.length,
    cuts: split.cuts,
    greatestPageId,
  });
}
