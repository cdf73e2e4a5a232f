import type { SplitGroup } from '../../../dumping/piece/piece-spec.ts';
import { publishedDateNames } from '../../../publish/listing/published-dates.ts';
import type { ManifestSet } from '../../../publish/status/manifest.ts';
import { readSets } from '../publication/read-manifest.ts';
import { audienceOf, type FullDumpContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { splitGroupsOf } from './split-groups.ts';
import { readSplitPlan, type SplitPlan, writeSplitPlan } from './split-plan.ts';

/**
 * Fixes, before the first piece is built, where the date's files are cut for sure: where those of the date before are.
 * Repeating it (a resumed run, a spool that was taken over) changes nothing.
 */
export async function freezeCuts(context: FullDumpContext): Promise<SplitPlan> {
  const frozen = await readSplitPlan(context);
  if (frozen !== null) return frozen;
  const { fullDump } = wikiOf(context.services, context.run.subject);
  const plan = await Promise.all(
    splitGroupsOf(fullDump).map(async (group) => ({
      group,
      limits: fullDump.split[group],
      cuts: await cutsBefore(context, group),
      parts: null,
    })),
  );
  await writeSplitPlan(context, plan);
  return plan;
}

/** The ends of all parts but the last (which is open) of the newest earlier date that has the set. */
async function cutsBefore(context: FullDumpContext, group: SplitGroup): Promise<readonly number[]> {
  const { run, services } = context;
  const tree = services.trees[audienceOf(context)];
  const dates = await publishedDateNames(tree, run.subject);
  for (const date of dates.filter((name) => name < run.date).toReversed()) {
    const sets = await readSets(tree.file(run.subject, date, 'manifest.json'));
    const set = sets?.[group];
    if (set?.state === 'published' && set.files.length > 0) return cutsOf(set);
  }
  return [];
}

/** All outputs of a set are cut alike. */
export function cutsOf(set: Pick<ManifestSet, 'files'>): readonly number[] {
  const ends = set.files.flatMap(({ split }) => (split?.range === undefined ? [] : [split.range.lastPageId]));
  return [...new Set(ends)].toSorted((a, b) => a - b).slice(0, -1);
}
