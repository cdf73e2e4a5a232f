import { Argument, InvalidArgumentError, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { ExportCommandOptions } from '../run-export.ts';

export const registerExport: RegisterCommand = (program, cli) => {
  program
    .command('export')
    .summary('write a wiki as one XML stream')
    .description(
      'Writes pages and revisions (or the log) of a wiki as MediaWiki writes them: for people who use dumpBackup.php ' +
        'and dumpTextPass.php. Hidden revisions stay hidden. Exit status 3 if a text or row could not be read: the ' +
        'rest is written, and what failed is listed.',
    )
    .addArgument(new Argument('<wiki>', 'a wiki of rota.yaml'))
    .option('--full', 'every revision of every page (default)')
    .option('--current', 'the latest revision of every page')
    .option('--logs', 'the log, but for restricted types')
    .option('--stub', 'without texts')
    .option('--uploads', 'with the versions of uploaded files')
    .option('--include-files', 'with their contents, too (needs `images` in rota.yaml)')
    .addOption(new Option('--start <id>', 'first page id (log id with --logs)').argParser(id))
    .addOption(new Option('--end <id>', 'page or log id to stop before').argParser(id))
    .addOption(
      new Option('--schema <version>', 'of the export format').choices(['0.10', '0.11']).default('0.11'),
    )
    .addOption(
      new Option('--profile <profile>', 'as dumpBackup.php or as dumpTextPass.php writes')
        .choices(['one-pass', 'text-pass'])
        .default('one-pass'),
    )
    .option('--as-mediawiki', 'show what MediaWiki shows of hidden texts, for comparisons')
    .addOption(
      new Option('--threads <n>', 'rendering threads; by default one a core, for --stub one').argParser(
        positive,
      ),
    )
    .option('-o, --output <file>', 'file (.zst and .gz are compressed), or - for standard output', '-')
    .option('--failed <file>', 'list of failed revisions (JSON lines); else FILE.failed.jsonl')
    .action(
      cli.action(async (wiki: string, options: ExportCommandOptions) => {
        const { runExport } = await import('../run-export.ts');
        return await runExport(cli, wiki, options);
      }),
    );
};

function id(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('give a whole number from 0.');
}

function positive(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('give a whole number from 1.');
}
