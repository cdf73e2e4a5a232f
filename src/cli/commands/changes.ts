import { Argument } from 'commander';
import type { ApplyCommandOptions } from '../changes/apply.ts';
import type { ChangesCommandOptions } from '../changes/run-changes.ts';
import type { RegisterCommand } from '../command-module.ts';

export const registerChanges: RegisterCommand = (program, cli) => {
  const changes = program
    .command('changes')
    .summary('adds/changes dumps: mark a day, dump what changed, apply it to a full dump');

  const wikis = () =>
    new Argument('[wikis...]', 'wikis of rota.yaml (else all that are neither closed nor private)');
  const daily = (name: 'mark' | 'run' | 'catch-up', summary: string, description: string) =>
    changes
      .command(name)
      .summary(summary)
      .description(`${description} A wiki that fails does not stop the others. Exit status 4: nothing to do.`)
      .addArgument(wikis())
      .option('--from-wiki <wiki>', 'begin with this wiki, in the order of rota.yaml')
      .option('--force-unlock', 'break the lease of a process that is gone')
      .option('--dry-run', 'only say what would be done')
      .action(
        cli.action(async (names: readonly string[], options: ChangesCommandOptions) => {
          const { runChanges } = await import('../changes/run-changes.ts');
          return await runChanges(cli, name, names, options);
        }),
      );

  daily(
    'mark',
    'take down up to which revision a day goes',
    'Takes the mark of each wiki: its greatest revision id. The mark of an earlier date is estimated from its neighbours and the times of the revisions.',
  ).option('--date <yyyymmdd>', 'date of the mark (else today)');
  daily(
    'run',
    'dump what happened up to the mark of a day',
    'Dumps the revisions between the mark before and that of the date, and everything else that changed.',
  ).option('--date <yyyymmdd>', 'date of the mark (else today)');
  daily(
    'catch-up',
    'make up for missed days, oldest first',
    'Estimates the marks that are missing since the last day that was dumped, and dumps each day whose delay is over.',
  );

  changes
    .command('index')
    .summary('write the page with the latest day of each wiki')
    .action(
      cli.action(async () => {
        const { runIndex } = await import('../changes/run-changes.ts');
        return await runIndex(cli);
      }),
    );

  changes
    .command('apply')
    .summary('bring a full dump up to date with days of changes')
    .description(
      'Makes, without a database, the history dump that the wiki would have given on the last of the days, and checks ' +
        'every page against that day’s ledger. Needs the full dump’s ledger beside it (or --ledger). Exit status 3: ' +
        'pages that are not as the ledger says are listed.',
    )
    .addArgument(new Argument('<full>', 'pages-meta-history of a full dump, or what apply made before'))
    .addArgument(new Argument('<days...>', 'folders of days, oldest first'))
    .requiredOption('-o, --output <file>', 'the new dump; its ending says how it is compressed')
    .option('--ledger <file>', 'the ledger of the full dump')
    .option('--dry-run', 'only check that the days lead on from the full dump')
    .action(
      cli.action(async (full: string, days: readonly string[], options: ApplyCommandOptions) => {
        const { applyDays } = await import('../changes/apply.ts');
        return await applyDays(cli, full, days, options);
      }),
    );
};
