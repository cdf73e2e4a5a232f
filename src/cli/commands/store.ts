import type { RegisterCommand } from '../command-module.ts';

export const registerStore: RegisterCommand = (program, cli) => {
  const store = program.command('store').summary('look after the store of run control');

  store
    .command('new-generation')
    .summary('after a restore or a move: end all leases, outdo all older tokens')
    .description(
      'Run it after the run store was restored from a backup or moved to another machine, when no worker runs: all ' +
        'leases end, and whatever an older worker may still write is refused.',
    )
    .option('--yes', 'do not ask')
    .action(
      cli.action(async (options: { readonly yes?: boolean }) => {
        const { newGeneration } = await import('../new-generation.ts');
        return await newGeneration(cli, options);
      }),
    );
};
