import { readdir } from 'node:fs/promises';
import { forgetPointers } from '../../../control/forget-pointers.ts';
import { holdLease } from '../../../control/hold-lease.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { unfinishedStates } from '../../../core/run-state.ts';
import { dumpSets } from '../../../publish/dump-catalogue/dump-output.ts';
import { isDate } from '../../../publish/dump-catalogue/file-name.ts';
import { systemCode } from '../../../publish/files/file-failure.ts';
import { linkLeaseName } from '../../../publish/publication/pointers.ts';
import { tombstonesKey } from '../../../publish/publication/tombstones.ts';
import { applyRetention } from '../../../publish/retention/apply-retention.ts';
import type { Trees } from '../../../publish/workspace/tree.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';
import { fullDumpName } from '../name.ts';
import { followingPublisher, linkLease } from './farm-publishing.ts';

/** Removes the dates of all wikis that are too many; gives them as `frwiki/20261122`. */
export async function keepNewestDates(sweep: Sweep): Promise<readonly string[]> {
  const { config, trees, store, clock, signal, log } = sweep;
  const publisher = followingPublisher(sweep);
  const removed: string[] = [];
  for (const { name: wiki, fullDump } of config.wikis.values()) {
    signal.throwIfAborted();
    if (!(await mayHaveTooMany(trees, wiki, fullDump.keep))) continue;
    const runs = await store.listRuns({
      job: fullDumpName,
      subject: wiki,
      states: unfinishedStates,
      limit: 1_000,
    });
    try {
      const dates = await applyRetention(
        { trees, publisher, lease: linkLease(sweep), clock },
        {
          job: fullDumpName,
          wiki,
          keep: fullDump.keep,
          sets: dumpSets,
          unfinished: new Set(runs.map((run) => run.date)),
          forget: (date) => forget(sweep, wiki, date),
        },
      );
      removed.push(...dates.map((date) => `${wiki}/${date}`));
    } catch (error) {
      // A worker switches this wiki's links just now; there is no hurry.
      if (!isRotaError(error, 'LEASE_HELD')) throw error;
    }
  }
  if (removed.length > 0) log.info({ removed }, 'old dates were removed');
  return removed;
}

/** Under a lease of its own below the wiki's: `applyRetention` does not show the one it holds. */
async function forget(sweep: Sweep, wiki: string, date: string): Promise<void> {
  const key = `${linkLeaseName({ job: fullDumpName, wiki })}/forget`;
  await holdLease(sweep, key, async (guard) => {
    await forgetPointers(sweep, guard, `publication/${fullDumpName}/${wiki}/${date}/`);
    await forgetPointers(sweep, guard, tombstonesKey({ job: fullDumpName, wiki, date }));
  });
}

/** A look into the folders, so that a quiet farm costs no leases. */
async function mayHaveTooMany(trees: Trees, wiki: string, keep: number): Promise<boolean> {
  const dates = new Set<string>();
  for (const tree of [trees.public, trees.private]) {
    const names = await readdir(tree.wikiFolder(wiki)).catch((error) => {
      if (systemCode(error) === 'ENOENT') return [] as string[];
      throw error;
    });
    if (names.some((name) => name.startsWith('.trash-'))) return true;
    for (const name of names.filter(isDate)) dates.add(name);
  }
  return dates.size > keep;
}
