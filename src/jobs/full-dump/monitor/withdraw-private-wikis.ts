import { holdLease } from '../../../control/hold-lease.ts';
import type { LeaseGuard } from '../../../control/store/lease.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { decodePublishedSet, encodePointer, linkLeaseName } from '../../../publish/publication/pointers.ts';
import { takeAwayWikiFolder } from '../../../publish/retention/take-away-folder.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';
import { fullDumpName } from '../name.ts';

/**
 * Takes everything of private wikis out of the public tree: a wiki that turned private, or a run that began before it
 * did. Gives the names of the wikis that had something there.
 */
export async function withdrawPrivateWikis(sweep: Sweep): Promise<readonly string[]> {
  const { config, log } = sweep;
  const withdrawn: string[] = [];
  for (const { name, isPrivate } of config.wikis.values()) {
    if (!isPrivate) continue;
    try {
      const key = linkLeaseName({ job: fullDumpName, wiki: name });
      if (await holdLease(sweep, key, (guard) => withdraw(sweep, guard, name))) withdrawn.push(name);
    } catch (error) {
      if (!isRotaError(error, 'LEASE_HELD')) throw error;
    }
  }
  if (withdrawn.length > 0) log.warn({ wikis: withdrawn }, 'private wikis were taken out of the public tree');
  return withdrawn;
}

/** Pointers first: the files must not be put back by one who follows them. */
async function withdraw(sweep: Sweep, guard: LeaseGuard, wiki: string): Promise<boolean> {
  const { store, trees } = sweep;
  let found = false;
  const prefix = `publication/${fullDumpName}/${wiki}/`;
  for (const { key, value } of await store.listPointers({ prefix })) {
    if (typeof value !== 'string') continue;
    const set = decodePublishedSet(key, value);
    const files = set.files.filter((file) => file.audience === 'private');
    if (files.length === set.files.length) continue;
    found = true;
    const left = files.length === 0 ? null : encodePointer({ ...set, files });
    await store.commitPointer({ key, value: left, guard });
  }
  // Its name is secret, too: the folder goes as a whole.
  return (await takeAwayWikiFolder(trees.public, wiki)) || found;
}
