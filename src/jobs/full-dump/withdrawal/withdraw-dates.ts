import { forgetPointers } from '../../../control/forget-pointers.ts';
import { holdLease, type LeaseTools } from '../../../control/hold-lease.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { unfinishedStates } from '../../../core/run-state.ts';
import { publishedDateNames } from '../../../publish/listing/published-dates.ts';
import { linkLeaseName } from '../../../publish/publication/pointers.ts';
import { removeDate } from '../../../publish/retention/remove-date.ts';
import type { Trees } from '../../../publish/workspace/tree.ts';
import { fullDumpName } from '../name.ts';

export interface WithdrawalTools extends LeaseTools {
  readonly trees: Trees;
}

/** The dates of a wiki that have something in a tree, oldest first. */
export async function publishedDates(trees: Trees, wiki: string): Promise<readonly string[]> {
  const names = [trees.public, trees.private].map((tree) => publishedDateNames(tree, wiki));
  return [...new Set((await Promise.all(names)).flat())].toSorted();
}

/**
 * Takes one published date of a wiki back: its pointers first, so that nobody puts the files back, then the links that
 * lead to it and the files, in both trees. Repeating it completes what a crash left half done.
 * @throws RotaError RUN_BUSY while a run of the date could publish more of it; LEASE_HELD while links are changed
 */
export async function withdrawDate(tools: WithdrawalTools, wiki: string, date: string): Promise<void> {
  const runs = await tools.store.listRuns({
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
  const prefix = `publication/${fullDumpName}/${wiki}/${date}/`;
  await holdLease(tools, linkLeaseName({ job: fullDumpName, wiki }), async (guard) => {
    await removeDate(tools.trees, wiki, date, () => forgetPointers(tools, guard, prefix));
  });
}
