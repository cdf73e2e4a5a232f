import { Argument, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';

/** What a worker starts for each run: hidden, because people use `rota dump`. */
export const registerWorkOn: RegisterCommand = (program, cli) => {
  program
    .command('work-on', { hidden: true })
    .summary('work on a run that a worker has claimed')
    .description('Started by `rota worker` for each run. It works under the lease that the worker claimed.')
    .addArgument(new Argument('<run>', 'a run, such as full-dump/frwiki/20261122'))
    .addOption(new Option('--assist', 'only help with pieces; another process coordinates the run'))
    .action(
      cli.action(async (run: string, options: { readonly assist?: boolean }) => {
        const { runWorkOn } = await import('../run-work-on.ts');
        return await runWorkOn(cli, run, options);
      }),
    );
};
