import type { FarmConfig } from '../../../config/farm-config.ts';
import { forgetPointers } from '../../../control/forget-pointers.ts';
import { holdLease, type LeaseTools } from '../../../control/hold-lease.ts';
import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import { unfinishedStates } from '../../../core/run-state.ts';
import { publishedDateNames } from '../../../publish/listing/published-dates.ts';
import { linkLeaseName } from '../../../publish/publication/pointers.ts';
import {
  decodeTombstones,
  encodeTombstones,
  tombstonesKey,
} from '../../../publish/publication/tombstones.ts';
import { removeDate } from '../../../publish/retention/remove-date.ts';
import { isWithdrawn, writeWithdrawn } from '../../../publish/status/withdrawn-date.ts';
import type { Tree, Trees } from '../../../publish/workspace/tree.ts';
import { fullDumpName } from '../name.ts';
import { followLatest } from '../publication/follow-latest.ts';
import { fallBackLatest } from './fall-back-latest.ts';

export interface WithdrawalTools extends LeaseTools {
  readonly trees: Trees;
  readonly farm: FarmConfig;
}

/**
 * The dates of a wiki of which something is to be taken back, oldest first: those that have something in a tree, and
 * those whose withdrawal broke off before its tombstone stood.
 */
export async function datesToWithdraw(
  { trees, farm, store }: Pick<WithdrawalTools, 'trees' | 'farm' | 'store'>,
  wiki: string,
): Promise<readonly string[]> {
  const dates = new Set<string>();
  for (const tree of [trees.public, trees.private]) {
    for (const date of await publishedDateNames(tree, wiki)) {
      if (!(await isWithdrawn(tree, wiki, date))) dates.add(date);
    }
  }
  const own = treeOf(trees, farm, wiki);
  for (const { key, value } of await store.listPointers({
    prefix: tombstonesKey({ ...jobOf(wiki), date: '' }),
  })) {
    const date = key.slice(key.lastIndexOf('/') + 1);
    const last = decodeTombstones(key, value).at(-1);
    if (last?.what === 'withdrawn' && !(await publishedDateNames(own, wiki)).includes(date)) dates.add(date);
  }
  return [...dates].toSorted();
}

/**
 * Takes one published date of a wiki back. First its tombstone is noted, then its pointers go, so that nobody puts the
 * files back, then the links that lead to it and the files, in both trees; `latest` goes back to the date before; what
 * stays is a page and a manifest that say so. Repeating it completes what a crash left half done.
 * @throws RotaError RUN_BUSY while a run of the date could publish more of it; LEASE_HELD while links are changed
 */
export async function withdrawDate(tools: WithdrawalTools, wiki: string, date: string): Promise<void> {
  const { store, trees, farm, clock } = tools;
  const runs = await store.listRuns({
    job: fullDumpName,
    subject: wiki,
    states: unfinishedStates,
    limit: 1_000,
  });
  const open = runs.find((run) => run.date === date);
  if (open) {
    throw new RotaError(
      'RUN_BUSY',
      `${open.id} is ${open.state} and may publish more of ${date}: cancel it first (rota run cancel ${open.id})`,
      { facts: { run: open.id } },
    );
  }
  await holdLease(tools, linkLeaseName(jobOf(wiki)), async (guard) => {
    const key = tombstonesKey({ ...jobOf(wiki), date });
    const before = decodeTombstones(key, await store.readPointer({ key }));
    const isNoted = before.at(-1)?.what === 'withdrawn';
    const tombstones = isNoted ? before : [...before, { at: clock.now(), what: 'withdrawn' as const }];
    await store.commitPointer({ key, value: encodeTombstones(tombstones), guard });
    const prefix = `publication/${fullDumpName}/${wiki}/${date}/`;
    await removeDate(trees, wiki, date, () => forgetPointers(tools, guard, prefix));
    await fallBackLatest(tools, guard, wiki);
    await writeWithdrawn(treeOf(trees, farm, wiki), {
      ...{ wiki, date, tombstones, now: clock.now(), signingKey: farm.signingKey },
      ...(farm.web.rootUrl === null ? {} : { webRoot: farm.web.rootUrl }),
    });
  });
  try {
    await followLatest({ ...tools, webRoot: farm.web.rootUrl }, wiki);
  } catch (error) {
    // A monitor does it at this moment, or will.
    if (!isRotaError(error, 'LEASE_HELD')) throw error;
  }
}

function jobOf(wiki: string): { readonly job: string; readonly wiki: string } {
  return { job: fullDumpName, wiki };
}

function treeOf(trees: Trees, farm: FarmConfig, wiki: string): Tree {
  return trees[farm.wikis.get(wiki)?.isPrivate === false ? 'public' : 'private'];
}
