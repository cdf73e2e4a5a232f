import { holdLease, type LeaseTools } from '../../../control/hold-lease.ts';
import { dumpSets } from '../../../publish/dump-catalogue/dump-output.ts';
import { Publisher } from '../../../publish/publication/publisher.ts';
import type { Trees } from '../../../publish/workspace/tree.ts';
import { followedPointers } from '../monitor/farm-publishing.ts';
import { fullDumpName } from '../name.ts';

export interface FollowTools extends LeaseTools {
  readonly trees: Trees;
  /** null: feeds have relative links. */
  readonly webRoot: string | null;
}

/**
 * Makes links, feeds and checksums in `latest/` those of the files as they are now.
 * @throws RotaError LEASE_HELD while another changes links
 */
export async function followLatest(tools: FollowTools, wiki: string): Promise<void> {
  const { trees, store, clock, webRoot } = tools;
  const publisher = new Publisher({
    trees,
    store: followedPointers(store),
    lease: { hold: (name, work) => holdLease(tools, name, work) },
    clock,
    ...(webRoot === null ? {} : { webRoot }),
  });
  for (const set of dumpSets) await publisher.followLatest({ job: fullDumpName, wiki, set });
}
