import { forgetPointers } from '../../../control/forget-pointers.ts';
import { holdLease } from '../../../control/hold-lease.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { takeAwayWikiFolder } from '../../../publish/retention/take-away-folder.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';
import { dayPrefix } from '../day/day-record.ts';
import { writeChangesIndex } from '../files/write-index.ts';
import { markPrefix } from '../marks/marks.ts';
import { changesTrees } from '../services.ts';

/**
 * Takes the days of wikis that turned private out of the public tree, and their names from the page above: days, marks
 * and what a run that began before has published since. The private ledgers go with them; where the wiki is public
 * again its days begin anew. Gives the names of the wikis that had something there.
 */
export async function withdrawPrivateDays(sweep: Sweep): Promise<readonly string[]> {
  const { config, store, log } = sweep;
  const trees = changesTrees(config, sweep.trees);
  const withdrawn: string[] = [];
  for (const { name, isPrivate } of config.wikis.values()) {
    if (!isPrivate) continue;
    try {
      const found = await holdLease(sweep, `publish/changes/${name}`, async (guard) => {
        // Pointers first: nobody who follows them puts the files back.
        for (const prefix of [dayPrefix(name), markPrefix(name)]) {
          await forgetPointers(sweep, guard, prefix);
        }
        const wasPublic = await takeAwayWikiFolder(trees.public, name);
        await takeAwayWikiFolder(trees.private, name);
        return wasPublic;
      });
      if (found) withdrawn.push(name);
    } catch (error) {
      if (!isRotaError(error, 'LEASE_HELD')) throw error;
    }
  }
  if (withdrawn.length === 0) return withdrawn;
  await writeChangesIndex({ farm: config, records: store, tree: trees.public, assertTrusted: () => {} });
  log.warn({ wikis: withdrawn }, 'days of private wikis were taken out of the public tree');
  return withdrawn;
}
