import { readFile } from 'node:fs/promises';
import type { PageRange, SplitGroup, SplitSpec } from '../../../dumping/piece/piece-spec.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import type { SplitLimits } from './plan-parts.ts';

/** How the outputs of a group are cut: frozen for the date, whatever is built again later. */
export interface GroupSplit {
  readonly group: SplitGroup;
  readonly limits: SplitLimits;
  /** The last pages of the parts that are known: those of the date before, later all but the last. */
  readonly cuts: readonly number[];
  /** Null until the pieces have been measured; a single part means that the files stay whole. */
  readonly parts: readonly PageRange[] | null;
}

/** The groups that are split; none where nothing is configured. */
export type SplitPlan = readonly GroupSplit[];

/** A part may end so many times as often as the limits ask for: parts are filled to 15/16 at least. */
const placesPerPart = 16;

export async function readSplitPlan(context: FullDumpContext): Promise<SplitPlan | null> {
  const text = await readFile(runFolder(context).splits, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as SplitPlan);
}

export async function writeSplitPlan(context: FullDumpContext, plan: SplitPlan): Promise<void> {
  await context.assertCurrent();
  await writeFileAtomic(runFolder(context).splits, JSON.stringify(plan), { mode: 0o600 });
}

/** What the builders of pieces are told. */
export function splitSpecs(plan: SplitPlan): readonly SplitSpec[] {
  return plan.map(({ group, limits, cuts }) => ({
    group,
    cuts,
    everyRawBytes: places(limits.maxRawBytes),
    everyPages: places(limits.maxPages),
  }));
}

function places(limit: number | null): number {
  // A number that JSON can hold, unlike Infinity.
  return limit === null ? Number.MAX_SAFE_INTEGER : Math.max(1, Math.floor(limit / placesPerPart));
}
