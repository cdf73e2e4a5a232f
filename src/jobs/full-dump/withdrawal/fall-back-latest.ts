import { forgetPointers } from '../../../control/forget-pointers.ts';
import type { LeaseTools } from '../../../control/hold-lease.ts';
import type { LeaseGuard } from '../../../control/store/lease.ts';
import { dumpSets } from '../../../publish/dump-catalogue/dump-output.ts';
import { removeLatestSums } from '../../../publish/publication/latest-links.ts';
import { decodeLatestSet, encodePointer, latestKey } from '../../../publish/publication/pointers.ts';
import type { Trees } from '../../../publish/workspace/tree.ts';
import { fullDumpName } from '../name.ts';

/**
 * After dates of a wiki were taken back: lets `latest` name the newest date that is left, set by set, and nothing where
 * none is. Else it would be empty until the next dump, and one of an earlier date would never be in it. Under the link
 * lease; links follow by `followLatest`, or by the monitor's next sweep.
 */
export async function fallBackLatest(
  tools: Pick<LeaseTools, 'store' | 'clock'> & { readonly trees: Trees },
  guard: LeaseGuard,
  wiki: string,
): Promise<void> {
  const { store, clock, trees } = tools;
  const published = (await store.listPointers({ prefix: `publication/${fullDumpName}/${wiki}/` }))
    .filter(({ value }) => typeof value === 'string')
    .map(({ key }) => key.split('/'));
  for (const set of dumpSets) {
    const key = latestKey({ job: fullDumpName, wiki, set });
    const value = await store.readPointer({ key });
    if (typeof value !== 'string') continue;
    const latest = decodeLatestSet(key, value);
    const dates = published.flatMap(([, , , date, of]) => (of === set && date !== undefined ? [date] : []));
    const newest = dates.toSorted().at(-1);
    if (newest === undefined) {
      await forgetPointers(tools, guard, key);
      continue;
    }
    if (dates.includes(latest.date)) continue;
    // Links to the date that went are gone already.
    const before = { date: latest.date, gone: [] };
    const next = { version: 1, date: newest, movedAt: clock.now().toISOString(), before } as const;
    await store.commitPointer({ key, value: encodePointer(next), guard });
  }
  // Whoever follows writes those anew that are of something.
  for (const tree of [trees.public, trees.private]) await removeLatestSums(tree, wiki);
}
