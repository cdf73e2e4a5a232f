import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { RedactOptions } from '../redact-dump.ts';
import type { DumpCommandOptions } from '../run-dump.ts';
import type { WithdrawOptions } from '../withdraw-dump.ts';
import { commaList } from './comma-list.ts';

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
    .addOption(
      new Option('--only <stages>', 'only these stages (commas) and what they need').argParser(commaList),
    )
    .option('--from-stage <stage>', 'do this stage and all later ones again')
    .option('--force', 'begin anew, though the date was begun or done; also for a date that has not come yet')
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

  dump
    .command('redact')
    .summary('hide revisions in what a wiki has published')
    .description(
      'Hides text, comment and user of revisions in all published dates and days of changes of a wiki, as if they had been ' +
        'hidden in the wiki when these were made: rewrites the files in which they stand, with checksums, indexes, ledgers ' +
        'and status files, and notes it in the manifest. Hide them in the wiki first, or the next dump shows them again. ' +
        'Exit status 4: nothing that is published shows any of it.',
    )
    .addArgument(new Argument('<wiki>', 'a wiki of rota.yaml'))
    .addOption(new Option('--rev <ids...>', 'the revisions').argParser(addRevisions).makeOptionMandatory())
    .option('--text', 'hide the texts (without --text, --comment and --user: all three)')
    .option('--comment', 'hide the comments')
    .option('--user', 'hide the users')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only say what would be rewritten')
    .action(
      cli.action(async (wiki: string, _own: unknown, command: Command) => {
        const { redactDump } = await import('../redact-dump.ts');
        return await redactDump(cli, wiki, command.optsWithGlobals<RedactOptions>());
      }),
    );
};

/** Ids with blanks or commas between them, or the option several times. */
function addRevisions(text: string, before: readonly number[] | undefined): readonly number[] {
  const ids = text.split(',').map((part) => {
    if (/^[1-9]\d{0,14}$/.test(part)) return Number(part);
    throw new InvalidArgumentError('give ids of revisions.');
  });
  return [...(before ?? []), ...ids];
}
