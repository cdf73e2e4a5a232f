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

  store
    .command('migrate')
    .argument('<from>', 'sqlite:FILE')
    .argument('[to]', 'etcd://HOST:PORT,…[/PREFIX] (etcds:// with TLS); else the store of rota.yaml')
    .summary('move the run store from a file to etcd')
    .description(
      'Moves runs, pieces, pointers, due times and counters, so that the farm goes on where it stopped and every later ' +
        'token is higher than any before. End all workers and monitors first: while one works it is refused. The file ' +
        'stays as it is, marked as moved. User, password and certificates are those of `store` in rota.yaml.',
    )
    .action(
      cli.action(async (from: string, to: string | undefined) => {
        const { migrateStore } = await import('../migrate-store.ts');
        return await migrateStore(cli, from, to);
      }),
    );
};
