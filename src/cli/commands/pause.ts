import { Argument } from 'commander';
import type { RegisterCommand } from '../command-module.ts';

const scope = () =>
  new Argument('<scope>', 'all, maintenance, a job, a wiki, a run; or exit: workers end after their runs');

export const registerPause: RegisterCommand = (program, cli) => {
  program
    .command('pause')
    .summary('let runs rest: all, those of a job or wiki, or one')
    .description(
      'What runs brings the pieces in hand to an end and stops within 10 seconds; nothing new is begun, also of what ' +
        'is created later, until `rota resume SCOPE`.',
    )
    .addArgument(scope())
    .option('--dry-run', 'only say which runs would stop')
    .action(
      cli.action(async (text: string, options: { readonly dryRun?: boolean }) => {
        const { pause } = await import('../pause-scopes.ts');
        return await pause(cli, text, options);
      }),
    );
};

export const registerResume: RegisterCommand = (program, cli) => {
  program
    .command('resume')
    .summary('let go on what `rota pause` stopped')
    .addArgument(scope())
    .action(
      cli.action(async (text: string) => {
        const { resume } = await import('../pause-scopes.ts');
        return await resume(cli, text);
      }),
    );
};
