import { isRotaError } from '../../../core/errors/rota-error.ts';
import { dumpSets } from '../../../publish/dump-catalogue/dump-output.ts';
import { Reconciler } from '../../../publish/publication/reconcile.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';
import { fullDumpName } from '../name.ts';
import { followedPointers, followingPublisher } from './farm-publishing.ts';

/** Pointers that the trees follow already, by key: what has not changed since is not looked at again. */
export type FollowedPointers = Map<string, unknown>;

/**
 * Makes the trees hold what the store says is published: completes what a crash left between a pointer and its files.
 * One wiki's failure does not stop the others; the first is thrown in the end.
 */
export async function followPointers(sweep: Sweep, followed: FollowedPointers): Promise<void> {
  const { store, log } = sweep;
  const changed = new Map<string, Set<string>>();
  const seen = new Map<string, unknown>();
  for (const prefix of [`publication/${fullDumpName}/`, `latest/${fullDumpName}/`]) {
    for (const { key, value } of await store.listPointers({ prefix })) {
      if (typeof value !== 'string' || followed.get(key) === value) continue;
      const [, , wiki = '', date = ''] = key.split('/');
      const dates = changed.get(wiki) ?? new Set<string>();
      if (prefix.startsWith('publication/')) dates.add(date);
      changed.set(wiki, dates);
      seen.set(key, value);
    }
  }
  if (changed.size === 0) return;
  const reconciler = new Reconciler(followingPublisher(sweep), followedPointers(store));
  const { failed } = await reconciler.reconcile(
    [...changed].map(([wiki, dates]) => ({ job: fullDumpName, wiki, dates: [...dates], sets: dumpSets })),
  );
  for (const { key } of failed) seen.delete(key);
  for (const [key, value] of seen) followed.set(key, value);
  // A worker that switches links at this moment holds their lease: the next sweep looks again.
  const real = failed.filter(({ error }) => !isRotaError(error, 'LEASE_HELD'));
  for (const { key, error } of real) log.error({ err: error, pointer: key }, 'files do not follow a pointer');
  if (real[0] !== undefined) throw real[0].error;
}
