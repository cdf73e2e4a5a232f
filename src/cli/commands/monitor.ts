import type { RegisterCommand } from '../command-module.ts';

export const registerMonitor: RegisterCommand = (program, cli) => {
  program
    .command('monitor')
    .summary('keep the farm in order: dead runs, publication, retention, alerts')
    .description(
      'Sweeps again and again: runs whose process died are stopped, so that a worker takes them up; files follow what ' +
        'the store says is published; old dates and dead workspaces go; private wikis leave the public tree; index ' +
        'pages are written; alerts go out. It may run on every host. With --once the exit status is 1 if something ' +
        'failed, 75 if another monitor is at it.',
    )
    .option('--once', 'sweep once and end (for cron)')
    .action(
      cli.action(async (options: { readonly once?: boolean }) => {
        const { runMonitorCommand } = await import('../run-monitor.ts');
        return await runMonitorCommand(cli, options);
      }),
    );
};
