import { Argument, type Command, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { DumpCommandOptions } from '../run-dump.ts';
import type { WithdrawOptions } from '../withdraw-dump.ts';

const list = (text: string): readonly string[] => text.split(',').filter((part) => part !== '');

export const registerDump: RegisterCommand = (program, cli) => {
  const dump = program
    .command('dump')
    .summary('dump one wiki completely, or go on with its dump')
    .description(
      'Makes and publishes the full dump of a wiki in this process. A dump of that date that was begun goes on where ' +
        'it stopped. Exit status 3: done, but something could not be read; 4: nothing to do; 75: another process is at it.',
    )
    .addArgument(new Argument('<wiki>', 'a wiki of rota.yaml'))
    .option('--date <yyyymmdd>', 'date of the dump (else today in the schedule’s zone)')
    .addOption(new Option('--only <stages>', 'only these stages (commas) and what they need').argParser(list))
    .option('--from-stage <stage>', 'do this stage and all later ones again')
    .option('--force', 'begin anew, though the date was begun or done')
    .option('--replace', 'with --force: take back what the date has published')
    .option('--no-carry-over', 'make everything anew, also what has not changed since the date before')
    .option('--dry-run', 'only say which stages would run')
    .action(
      cli.action(async (wiki: string, options: DumpCommandOptions) => {
        const { runDump } = await import('../run-dump.ts');
        return await runDump(cli, wiki, options);
      }),
    );

  dump
    .command('withdraw')
    .summary('take back what a wiki has published')
    .description(
      'Removes published dates of a wiki from the trees, and the links that lead to them: one date, or all. What has ' +
        'been downloaded stays where it is. Exit status 4: there is nothing to take back.',
    )
    .addArgument(new Argument('<wiki>', 'a wiki of rota.yaml'))
    .addArgument(new Argument('[date]', 'only this date (YYYYMMDD)'))
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only say what would be taken back')
    .action(
      cli.action(async (wiki: string, date: string | undefined, _own: unknown, command: Command) => {
        const { withdrawDump } = await import('../withdraw-dump.ts');
        // `dump` has a --dry-run, too, and takes it first.
        return await withdrawDump(cli, wiki, date, command.optsWithGlobals<WithdrawOptions>());
      }),
    );
};
