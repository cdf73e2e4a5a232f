import { Argument } from 'commander';
import type { RegisterCommand } from '../command-module.ts';

export const registerStatus: RegisterCommand = (program, cli) => {
  program
    .command('status')
    .summary('show what the farm is doing')
    .description(
      'A line for each wiki (and what else jobs run on): its newest run, progress (revisions and bytes a second, time left), when it is due next; ' +
        'below, what failed and why, and who works on what.',
    )
    .addArgument(new Argument('[subjects...]', 'only these wikis, scopes …'))
    .option('--watch', 'show it again whenever something changes, until Ctrl-C')
    .action(
      cli.action(async (subjects: readonly string[], options: { readonly watch?: boolean }) => {
        const { showStatus } = await import('../show-status.ts');
        return await showStatus(cli, subjects, options);
      }),
    );
};
