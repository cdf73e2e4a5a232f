import { describeHolder } from '../../control/describe-wait.ts';
import { durationText } from '../../core/duration-text.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { findRun } from '../../operations/runs/find-run.ts';
import type { Cli } from '../cli.ts';
import { confirm } from '../confirm.ts';
import { withExistingStore } from '../with-store.ts';

export async function unlockRun(
  cli: Cli,
  text: string,
  options: { readonly forceUnlock?: boolean; readonly yes?: boolean },
): Promise<ExitStatus> {
  return await withExistingStore(cli, async ({ store, known, by }) => {
    const { lease, id } = await findRun(store, text, known);
    if (lease?.alive !== true) {
      cli.out.remark(`${id} is not locked: any worker may take it`);
      return exitStatus.nothingToDo;
    }
    const holder = describeHolder(lease.holder);
    const since = durationText(Math.max(0, lease.sinceRenewalMs));
    const held = `${id} is held by ${holder}, which renewed its lease ${since} ago`;
    if (!options.forceUnlock) {
      throw new RotaError('LEASE_HELD', `${held}; --force-unlock breaks it if that process is gone`);
    }
    if (!(await confirm(cli, `${held}. Break it?`, options.yes))) return exitStatus.nothingToDo;
    // The token shown: a lease that changed hands meanwhile is not the one that was meant.
    await store.forceUnlock({ guard: { key: lease.key, token: lease.token }, by });
    cli.out.line({ run: id, brokenLeaseOf: lease.holder }, `${id} is free: the lease of ${holder} is broken`);
    return exitStatus.done;
  });
}
