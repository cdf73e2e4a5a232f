import { openFarm } from '../composition.ts';
import { inheritedGuard } from '../control/spawn-run.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { parseRunId } from '../core/ids.ts';
import { assistRun, workOnRun } from '../operations/worker/work-on-run.ts';
import type { Cli } from './cli.ts';
import { RunLines } from './output/run-lines.ts';

/** The process of one run: what happens is told in lines on standard output, as the worker tells its own. */
export async function runWorkOn(
  cli: Cli,
  run: string,
  options: { readonly assist?: boolean },
): Promise<ExitStatus> {
  const { id } = parseRunId(run);
  const config = await cli.farm();
  await using log = await cli.openLog();
  await using farm = await openFarm(config, { clock: cli.clock, env: cli.io.env, version: cli.version });
  const lines = new RunLines(cli.out);
  const common = { farm, run: id, clock: cli.clock, log: log.log, signal: cli.signal, onEvent: lines.listen };
  if (options.assist) {
    await assistRun(common);
    return exitStatus.done;
  }
  const {
    run: ended,
    exit,
    error,
  } = await workOnRun({ ...common, inherited: inheritedGuard(id, cli.io.env) });
  // The store has the failure and the worker's lines tell it: nobody reads this process's own last words.
  if (error !== undefined) log.log.debug({ err: error, run: ended.id }, 'the run did not come to its end');
  return exit;
}
