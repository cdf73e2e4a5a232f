import { openStore } from '../composition.ts';
import { describeStore } from '../config/describe-store.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { Cli } from './cli.ts';
import { confirm } from './confirm.ts';

export async function newGeneration(cli: Cli, options: { readonly yes?: boolean }): Promise<ExitStatus> {
  const config = await cli.farm();
  const question = `All leases in ${describeStore(config.store)} end, also those of workers that run now. Go on?`;
  if (!(await confirm(cli, question, options.yes))) return exitStatus.nothingToDo;
  await using store = await openStore(config, cli.clock, { adopt: true });
  const generation = await store.newGeneration();
  cli.out.line({ generation }, `generation ${generation}: workers may be started`);
  return exitStatus.done;
}
