import { Argument, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { CatchUpCommandOptions } from '../show-schedule.ts';
import { commaList } from './comma-list.ts';

export const registerSchedule: RegisterCommand = (program, cli) => {
  const schedule = program.command('schedule').summary('see when jobs are due; make up for missed times');

  schedule
    .command('list')
    .summary('list the jobs, when they are due and what was handled last')
    .action(cli.action(async () => (await import('../show-schedule.ts')).listSchedules(cli)));

  schedule
    .command('catch-up')
    .summary('create the runs of due times that were missed')
    .description(
      'Creates the runs of the due times of a cron schedule in the past: the latest one, or with --policy all every ' +
        'one. Runs that exist are left alone. Exit status 4: nothing was missed.',
    )
    .addArgument(new Argument('[subjects...]', 'only these wikis, scopes …'))
    .option('--within <days>', 'how many days back', '7')
    .addOption(
      new Option('--policy <policy>', 'which due times').choices(['latest', 'all']).default('latest'),
    )
    .addOption(new Option('--jobs <jobs>', 'only these jobs (commas)').argParser(commaList))
    .option('--dry-run', 'only say which runs would be created')
    .action(
      cli.action(async (subjects: readonly string[], options: CatchUpCommandOptions) => {
        const { catchUp } = await import('../show-schedule.ts');
        return await catchUp(cli, subjects, options);
      }),
    );
};
