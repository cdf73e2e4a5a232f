import type { RegisterCommand } from '../command-module.ts';
import type { WorkerCommandOptions } from '../run-worker.ts';
import { workerOptions } from './worker.ts';

export const registerUp: RegisterCommand = (program, cli) => {
  const command = program
    .command('up')
    .summary('run the whole farm on this machine: scheduler, worker, monitor, web')
    .description(
      'Does what `rota worker`, `rota monitor` and, with `web.listen` in rota.yaml, `rota serve` do, in one process, until it is told to stop.',
    );
  for (const option of workerOptions()) command.addOption(option);
  command.action(
    cli.action(async (options: WorkerCommandOptions) => {
      const { runUp } = await import('../run-up.ts');
      return await runUp(cli, options);
    }),
  );
};
