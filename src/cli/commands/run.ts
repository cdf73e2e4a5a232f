import { Argument, type Command, Option } from 'commander';
import { runStates } from '../../core/run-state.ts';
import type { RegisterCommand } from '../command-module.ts';
import type { ChangeOptions } from '../runs/change-run.ts';
import type { ListRunsOptions } from '../runs/list-runs.ts';
import { commaList } from './comma-list.ts';

const theRun = () => new Argument('<run>', 'a run (full-dump/frwiki/20261122), or a wiki: its newest run');

export const registerRun: RegisterCommand = (program, cli) => {
  const run = program.command('run').summary('list runs, look into them, and decide about them');

  run
    .command('list')
    .summary('list runs, newest first')
    .option('--subject <subject>', 'only of this wiki, scope …')
    .option('--job <job>', 'only of this job')
    .addOption(
      new Option('--state <states>', `only in these states (commas): ${runStates.join(', ')}`).argParser(
        commaList,
      ),
    )
    .option('--limit <n>', 'at most so many', '50')
    .action(
      cli.action(async (options: ListRunsOptions) =>
        (await import('../runs/list-runs.ts')).listRuns(cli, options),
      ),
    );

  run
    .command('show')
    .summary('show a run with its stages and held sets')
    .addArgument(theRun())
    .action(cli.action(async (text: string) => (await import('../runs/show-run.ts')).showRun(cli, text)));

  run
    .command('log')
    .summary('show what happened to a run, when and by whom')
    .description(
      'Prints every change of state that the store recorded. With --events: what the process of the run told, as long ' +
        'as its workspace is there.',
    )
    .addArgument(theRun())
    .option('--events', 'stages, checks, failed pieces and progress instead')
    .action(
      cli.action(async (text: string, options: { readonly events?: boolean }) =>
        (await import('../runs/log-run.ts')).logRun(cli, text, options),
      ),
    );

  const change = (
    name: string,
    summary: string,
    describe: (command: Command) => Command = (command) => command,
  ) =>
    describe(run.command(name).summary(summary).addArgument(theRun()))
      .option('--dry-run', 'only say what would be done')
      .action(
        cli.action(async (text: string, options: ChangeOptions) => {
          const { changeRun } = await import('../runs/change-run.ts');
          return await changeRun(cli, name, text, options);
        }),
      );
  change('resume', 'let a paused, failed, stopped or cancelled run go on where it stopped');
  change('retry', 'try a failed run again now, from its first unfinished stage', (command) =>
    command.option('--anew', 'from the beginning, in a new epoch: nothing that it made is kept'),
  );
  change('pause', 'let a run rest; the pieces in hand are finished');
  change('hold', 'let a run go no further until somebody approves or rejects it', (command) =>
    command
      .description(
        'What it made is kept, its lease is released, and nothing more of it is published from this moment on: its ' +
          'process is asked to stop and does so within 10 s. `rota run approve` lets it go on where it stopped, `rota ' +
          'run reject` ends it; it fails when nobody decides within `heldFor`.',
      )
      .option('--reason <text>', 'why, for whoever decides'),
  );
  change('cancel', 'end a run; what it published stays');
  const sets = (command: Command) =>
    command.addOption(new Option('--set <sets>', 'only these sets (commas)').argParser(commaList));
  change('approve', 'let a held run publish', sets);
  change('reject', 'refuse what a held run made', sets);

  run
    .command('unlock')
    .summary('break the lease of a run whose process is gone')
    .description(
      'Names the process that holds the run. With --force-unlock its lease is broken, unless the process still renews ' +
        'it: such a run is never taken away (exit status 75). A lease that is not renewed ends by itself.',
    )
    .addArgument(theRun())
    .option('--force-unlock', 'break it')
    .option('--yes', 'do not ask')
    .action(
      cli.action(
        async (text: string, options: { readonly forceUnlock?: boolean; readonly yes?: boolean }) => {
          const { unlockRun } = await import('../runs/unlock-run.ts');
          return await unlockRun(cli, text, options);
        },
      ),
    );
};
