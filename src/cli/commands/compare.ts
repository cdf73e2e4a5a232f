import { Argument } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { CompareOptions } from '../compare-dumps.ts';

export const registerCompare: RegisterCommand = (program, cli) => {
  program
    .command('compare')
    .summary("compare another program's dump of a wiki with Rota's")
    .description(
      'For moving to Rota: the files of a folder with a dump that something else made, against what Rota has published of ' +
        'the same wiki and date. XML page by page, whatever it is compressed with, and lists of titles. Exit status 3 if ' +
        'they differ, 4 if they have nothing in common.',
    )
    .addArgument(new Argument('<folder>', 'a folder with files <wiki>-<date>-…'))
    .option('--date <yyyymmdd>', "another date of Rota's")
    .option('--with <folder>', 'a folder in the place of what Rota has published')
    .action(
      cli.action(async (folder: string, options: CompareOptions) =>
        (await import('../compare-dumps.ts')).compareDumps(cli, folder, options),
      ),
    );
};
