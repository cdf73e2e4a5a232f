import { workspaceFinder } from '../../composition.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { changeRun as change, checkChange, type RunChange } from '../../operations/runs/change-run.ts';
import { findRun } from '../../operations/runs/find-run.ts';
import type { Cli } from '../cli.ts';
import { withExistingStore } from '../with-store.ts';

export interface ChangeOptions {
  readonly dryRun?: boolean;
  readonly anew?: boolean;
  readonly set?: readonly string[];
  readonly reason?: string;
}

export async function changeRun(
  cli: Cli,
  name: string,
  text: string,
  options: ChangeOptions,
): Promise<ExitStatus> {
  return await withExistingStore(cli, async ({ store, known, by, config, jobs }) => {
    const run = await findRun(store, text, known);
    if (options.dryRun) {
      const { anew = false, set: sets } = options;
      checkChange({ change: name as RunChange, run, anew, ...(sets === undefined ? {} : { sets }) });
      cli.out.line(
        { run: run.id, state: run.state, would: name },
        `would ${name} ${run.id}, which is ${run.state}`,
      );
      return exitStatus.done;
    }
    const heldForMs = jobs.find((job) => job.name === run.job)?.settings(config)?.heldForMs;
    const after = await change(
      { store, clock: cli.clock, workspaceOf: workspaceFinder(config) },
      {
        change: name as RunChange,
        run,
        by,
        ...(options.anew === undefined ? {} : { anew: options.anew }),
        ...(options.set === undefined ? {} : { sets: options.set }),
        ...(options.reason === undefined ? {} : { reason: options.reason }),
        ...(heldForMs === undefined ? {} : { heldForMs }),
      },
    );
    const asked = after.request === undefined ? '' : `; its process is asked to ${after.request}`;
    const epoch = after.epoch === run.epoch ? '' : `; it begins anew (epoch ${after.epoch})`;
    cli.out.line(
      { run: after.id, state: after.state, epoch: after.epoch, request: after.request },
      `${after.id} is ${after.state}${asked}${epoch}`,
    );
    return exitStatus.done;
  });
}
