import type { OpenFarm } from '../composition.ts';
import type { ExecutedRun } from '../control/execute-run.ts';
import type { RunId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { workOnRun } from '../operations/worker/work-on-run.ts';
import type { Cli } from './cli.ts';
import { RunProgress } from './output/run-progress.ts';

export interface ExecuteDumpOptions {
  readonly only?: readonly string[];
  readonly redoFrom?: string;
}

/** Works on a full dump in this process and tells its progress. */
export async function executeDump(
  cli: Cli,
  farm: OpenFarm,
  log: Log,
  id: RunId,
  options: ExecuteDumpOptions = {},
): Promise<ExecutedRun> {
  using progress = new RunProgress({
    stream: cli.out.json ? cli.io.stdout : cli.io.stderr,
    json: cli.out.json,
    color: cli.out.color,
  });
  return await workOnRun({
    farm,
    run: id,
    inherited: undefined,
    clock: cli.clock,
    log,
    signal: cli.signal,
    onEvent: progress.listen,
    ...options,
  });
}
