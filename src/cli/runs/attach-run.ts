import { workspaceFinder } from '../../composition.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { exitOfRun } from '../../operations/runs/exit-of-run.ts';
import { findRun } from '../../operations/runs/find-run.ts';
import { followRun } from '../../operations/runs/follow-run.ts';
import { LogReader } from '../../operations/worker/log-reader.ts';
import type { Cli } from '../cli.ts';
import { RunProgress } from '../output/run-progress.ts';
import { withStoreToRead } from '../with-store.ts';

/** Shows what a run does that other processes work on, until it ends; Ctrl-C leaves the run alone. */
export async function attachRun(cli: Cli, text: string): Promise<ExitStatus> {
  return await withStoreToRead(cli, async ({ store, known, config }) => {
    const run = await findRun(store, text, known);
    const { json, color } = cli.out;
    using progress = new RunProgress({ stream: json ? cli.io.stdout : cli.io.stderr, json, color });
    const log = new LogReader({ workspaceOf: workspaceFinder(config) });
    const events = followRun({
      store,
      clock: cli.clock,
      run,
      newLogLines: (now) => log.newLines(now),
      signal: cli.signal,
      onStoreAway: (error) => cli.out.remark(`${error.message}; watching goes on when it answers`),
    });
    for await (const event of events) {
      progress.listen(event);
      if (event.type !== 'run-ended') continue;
      const { view } = event;
      const reason = view.error === undefined ? view.reason : `${view.error.code}: ${view.error.message}`;
      if (!json) cli.out.line({}, `${view.id} ${view.state}${reason === undefined ? '' : `: ${reason}`}`);
      return exitOfRun(view);
    }
    progress[Symbol.dispose]();
    cli.out.remark(`${run.id} goes on`);
    return exitStatus.interrupted;
  });
}
