import { Argument, InvalidArgumentError, Option } from 'commander';
import type { RegisterCommand } from '../command-module.ts';
import type { ReportBuildOptions } from '../report/run-report-build.ts';
import type { ReportLoadOptions } from '../report/run-report-load.ts';
import type { ReportPreviewOptions } from '../report/run-report-preview.ts';
import type { ReportRunOptions } from '../report/run-report-run.ts';
import type { ReportSqlOptions } from '../report/run-report-sql.ts';

const scopeText = 'a scope of rota.yaml, or a scope file (also PREFIX_scope.py of Phlogiston)';

export const registerReport: RegisterCommand = (program, cli) => {
  const report = program
    .command('report')
    .summary('burn-up reports and forecasts from Phabricator')
    .description('Loads a tracker, and makes burn-up reports and forecasts of its scopes.');

  report
    .command('build')
    .summary('make one report from a dump, with nothing else set up')
    .description(
      'Loads a public dump, reconstructs the scope’s history and writes its report into a folder. Needs no rota.yaml ' +
        'when the scope is a file. A failure leaves an older report in the folder as it is.',
    )
    .addArgument(new Argument('<scope>', scopeText))
    .requiredOption('--dump <file>', 'the dump')
    .requiredOption('-o, --output <folder>', 'where the report goes; only an older report there is replaced')
    .option('--as-of <date>', 'what was known at the end of this day (else of the newest change)')
    .option('--tracker <url>', 'where tasks are shown, for links')
    .addOption(
      new Option('--tolerance <n>', 'damaged tasks that may be set aside').argParser(count).default(100),
    )
    .action(
      cli.action(async (scope: string, options: ReportBuildOptions) => {
        const { runReportBuild } = await import('../report/run-report-build.ts');
        return await runReportBuild(cli, scope, options);
      }),
    );

  report
    .command('preview')
    .summary('make a scope’s report from the last load, without publishing it')
    .description(
      'Renders a scope as its configuration is now, in seconds, and says what each rule catches and how many tasks it ' +
        'gained and lost against the published report.',
    )
    .addArgument(new Argument('<scope>', scopeText))
    .requiredOption('-o, --output <folder>', 'where the report goes; only an older report there is replaced')
    .option('--as-of <date>', 'what was true at the end of this day, by what is known now')
    .option('--data <file>', 'the loaded tracker (else the last load of the farm)')
    .action(
      cli.action(async (scope: string, options: ReportPreviewOptions) => {
        const { runReportPreview } = await import('../report/run-report-preview.ts');
        return await runReportPreview(cli, scope, options);
      }),
    );

  report
    .command('load')
    .summary('load the tracker')
    .description(
      'Loads the tracker of rota.yaml under run control and publishes the data for reports. Without --complete, tasks ' +
        'that have not changed since the last load are taken over from it: the result is the same. With a dump and -o a ' +
        'data file is written and nothing is published.',
    )
    .addArgument(new Argument('[dump]', 'a dump, instead of the source in rota.yaml'))
    .option('--date <yyyymmdd>', 'date of the load (else today in the schedule’s zone)')
    .option('--complete', 'make every history anew')
    .option('--incremental', 'take unchanged tasks over (default)')
    .option('--accept-shrunken', 'load it though it lost more tasks than the shrink guard allows')
    .option('--force', 'begin anew, though the date was begun or done')
    .option('-o, --output <file>', 'with a dump: the data file to write')
    .action(
      cli.action(async (dump: string | undefined, options: ReportLoadOptions) => {
        const { runReportLoad } = await import('../report/run-report-load.ts');
        return await runReportLoad(cli, dump, options);
      }),
    );

  report
    .command('run')
    .summary('load the tracker and publish the reports')
    .description(
      'Does in this process what the schedule does in a day: loads the tracker, then makes and publishes the report of ' +
        'each scope. One that fails leaves the others, and its own last report, alone; exit status 1 then.',
    )
    .addOption(
      new Option('-s, --scope <name>', 'only this scope (several times for several)').argParser(
        (name: string, before: readonly string[] | undefined) => [...(before ?? []), name],
      ),
    )
    .option('--date <yyyymmdd>', 'date of the runs (else today in the schedule’s zone)')
    .option('--complete', 'make every history anew')
    .option('--incremental', 'take unchanged tasks over (default)')
    .option('--no-load', 'use the last load')
    .option('--force', 'begin anew, though the date was begun or done')
    .action(
      cli.action(async (options: ReportRunOptions) => {
        const { runReportRun } = await import('../report/run-report-run.ts');
        return await runReportRun(cli, options);
      }),
    );

  report
    .command('sql')
    .summary('ask the loaded tracker')
    .description(
      'Runs a query on the loaded tracker and prints the rows. It can read nothing else of this machine and change ' +
        'nothing. Without a query: the tables and their columns.',
    )
    .addArgument(new Argument('[query]', 'in DuckDB’s SQL'))
    .option('--data <file>', 'the loaded tracker (else the last load of the farm)')
    .addOption(new Option('--rows <n>', 'print no more rows than this').argParser(count).default(1000))
    .action(
      cli.action(async (query: string | undefined, options: ReportSqlOptions) => {
        const { runReportSql } = await import('../report/run-report-sql.ts');
        return await runReportSql(cli, query, options);
      }),
    );
};

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('give a whole number from 0.');
}
