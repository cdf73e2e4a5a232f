import { Argument, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { DumpCommandOptions } from '../run-dump.ts';

const list = (text: string): readonly string[] => text.split(',').filter((part) => part !== '');

export const registerDump: RegisterCommand = (program, cli) => {
  program
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
};
