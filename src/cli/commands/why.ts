import { Argument } from 'commander';
import type { RegisterCommand } from '../command-module.ts';

export const registerWhy: RegisterCommand = (program, cli) => {
  program
    .command('why')
    .summary('say what a run or a wiki waits for, or why it failed')
    .addArgument(new Argument('<run>', 'a run, or a wiki: its newest run'))
    .action(
      cli.action(async (run: string) => {
        const { explainWhy } = await import('../explain-why.ts');
        return await explainWhy(cli, run);
      }),
    );
};
