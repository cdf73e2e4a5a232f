import { Argument } from 'commander';
import type { RegisterCommand } from '../command-module.ts';

export const registerAttach: RegisterCommand = (program, cli) => {
  program
    .command('attach')
    .summary('show what a run does that other processes work on')
    .description(
      'Joins a run from any terminal and any host that reaches the run store; several may do so at once. A run that waits ' +
        'is waited for. Ends when the run does, with its exit status; when it is paused with 130, when it is held with 1. ' +
        'Ctrl-C ends the watching only.',
    )
    .addArgument(new Argument('<run>', 'a run, or a wiki (or another subject): its newest run'))
    .action(cli.action(async (text: string) => (await import('../runs/attach-run.ts')).attachRun(cli, text)));
};
