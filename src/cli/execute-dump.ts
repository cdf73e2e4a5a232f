import type { OpenFarm } from '../composition.ts';
import type { ExecutedRun } from '../control/execute-run.ts';
import { isRotaError } from '../core/errors/rota-error.ts';
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
  try {
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
  } catch (error) {
    if (isRotaError(error, 'RUN_BUSY', 'RUN_WAITS')) await tellIfLeft(cli, farm, id);
    throw error;
  }
}

/** What was refused for now is not forgotten: who asked for it must not be surprised when a worker does it. */
async function tellIfLeft(cli: Cli, { store }: OpenFarm, id: RunId): Promise<void> {
  const run = await store.readRun({ id });
  if (run?.state !== 'waiting') return;
  cli.out.remark(
    `rota: ${id} is left waiting: the same command or a worker takes it up later; rota run cancel ${id} gives it up`,
  );
}
