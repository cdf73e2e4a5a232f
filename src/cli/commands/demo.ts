import { InvalidArgumentError, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { DemoTrackerOptions } from '../report/run-demo-tracker.ts';
import type { DemoDayOptions, DemoWikiOptions } from '../run-demo.ts';

export const registerDemo: RegisterCommand = (program, cli) => {
  const demo = program
    .command('demo')
    .summary('run a day of a demonstration farm, or make wikis of invented text')
    .description(
      'Makes a small farm of two wikis of invented text in SQLite, or finds it there; dumps both; says where the results ' +
        'are. Each further time a day passes on the wikis and another date is dumped; what was interrupted is finished first.',
    )
    .option('--folder <folder>', 'where the farm is', '.rota-demo')
    .option('--serve', 'show its pages afterwards, until Ctrl-C (the default on a terminal)')
    .option('--no-serve', 'end when the day is over (the default elsewhere)')
    .action(
      cli.action(async (options: { readonly folder: string; readonly serve?: boolean }) => {
        const { runDemoStart } = await import('../run-demo-start.ts');
        const serve = options.serve ?? cli.out.isInteractive;
        return await runDemoStart(cli, options.folder, { serve });
      }),
    );
  demo
    .command('farm [folder]')
    .summary('make the demonstration farm')
    .description(
      'Makes a farm of two small wikis in SQLite with its rota.yaml, or finds it there. Folder: .rota-demo.',
    )
    .action(
      cli.action(async (folder: string | undefined) => {
        const { runDemoFarm } = await import('../run-demo.ts');
        return await runDemoFarm(cli, folder ?? '.rota-demo');
      }),
    );
  demo
    .command('wiki <database>')
    .summary('make one wiki in a database')
    .description(
      'Makes the tables of a MediaWiki and fills them. Database: a file for SQLite, or mysql://user@host/database?socket=/path, ' +
        'which is made if it is missing.',
    )
    .addOption(new Option('--pages <n>', 'pages').argParser(count).default(500))
    .addOption(new Option('--revisions <n>', 'revisions').argParser(count).default(5000))
    .addOption(new Option('--seed <n>', 'another seed, another wiki').argParser(count).default(1))
    .addOption(
      new Option('--schema <version>', 'of MediaWiki').choices(['1.35', '1.39', '1.43']).default('1.39'),
    )
    .addOption(new Option('--language <code>', 'of its texts').choices(['en', 'fr', 'el']).default('en'))
    .addOption(new Option('--mean-bytes <n>', 'mean length of a text').argParser(count).default(17_000))
    .option(
      '--storage <kinds>',
      'how texts are stored: gzip, plain, legacy, external, or a mixture such as gzip=9,plain=1',
      'gzip',
    )
    .option('--compress', 'the same as --storage gzip')
    .addOption(new Option('--level <n>', 'of compression, 1 to 9').argParser(count).default(6))
    .option('--name <name>', "the wiki's name in its siteinfo; by default the database's")
    .option('--site-name <text>', 'what the wiki calls itself', 'Demo Wiki')
    .option(
      '--siteinfo <file>',
      "write its siteinfo there: a dump's head (.xml), or an answer of api.php (.json)",
    )
    .option('--password-file <file>', "file whose first line is the database account's password")
    .option('--replace', 'write over a wiki that is there')
    .action(
      cli.action(async (database: string, options: DemoWikiOptions) => {
        const { runDemoWiki } = await import('../run-demo.ts');
        return await runDemoWiki(cli, database, options);
      }),
    );
  demo
    .command('tracker <file>')
    .summary('make the dump of an invented tracker')
    .description(
      'Writes a dump as Phabricator’s public one is, of teams that work and of every oddity that such dumps hold. The same ' +
        'options give the same bytes; another --as-of gives the same tracker on another day.',
    )
    .addOption(new Option('--tasks <n>', 'tasks until --to').argParser(count).default(2000))
    .addOption(new Option('--transactions <n>', 'mean number of each task').argParser(count).default(9))
    .addOption(new Option('--seed <n>', 'another seed, another tracker').argParser(count).default(1))
    .option('--from <date>', 'first day', '2024-11-01')
    .option('--to <date>', 'day by which all tasks have come', '2026-11-22')
    .option('--as-of <date>', 'day at whose end the dump is made (else --to)')
    .option('--teams <names>', 'teams (commas)', 'Web,Mobile,Search,Platform')
    .action(
      cli.action(async (file: string, options: DemoTrackerOptions) => {
        const { runDemoTracker } = await import('../report/run-demo-tracker.ts');
        return await runDemoTracker(cli, file, options);
      }),
    );
  demo
    .command('day <database>')
    .summary('let a made wiki live on')
    .description(
      'Edits, new pages, moves, deletions, restorations and hidden revisions of one day, or of more.',
    )
    .addOption(new Option('--days <n>', 'how many days').argParser(count).default(1))
    .option('--password-file <file>', "file whose first line is the database account's password")
    .action(
      cli.action(async (database: string, options: DemoDayOptions) => {
        const { runDemoDay } = await import('../run-demo.ts');
        return await runDemoDay(cli, database, options);
      }),
    );
};

function count(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('give a whole number from 0.');
}
