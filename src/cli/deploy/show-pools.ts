import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { setPooled, showPools } from '../../operations/deploy/pools-of.ts';
import type { Cli } from '../cli.ts';
import { withStore, withStoreToRead } from '../with-store.ts';
import { environmentWithHosts } from './environment-named.ts';

/** Shows the hosts of an environment in the pools of their load balancers. */
export async function listPools(cli: Cli, name: string | undefined): Promise<ExitStatus> {
  return await withStoreToRead(cli, async ({ config, store }) => {
    const environment = await environmentWithHosts(cli, config, name);
    const rows = await showPools({ environment, store, clock: cli.clock, signal: cli.signal });
    cli.out.table(
      [
        { title: 'HOST', value: (row) => row.host, shrinks: true },
        { title: 'SERVICE', value: (row) => row.service, shrinks: true },
        { title: 'POOLED', value: (row) => row.pooled },
        { title: 'WEIGHT', value: (row) => String(row.weight ?? '-'), align: 'right' },
        { title: 'PYBAL', value: (row) => row.pybal, shrinks: true },
        { title: '', value: (row) => (row.held ? 'taken out by a deployment' : '') },
      ],
      rows,
      'no hosts',
    );
    return exitStatus.done;
  });
}

/** Takes hosts out of their pools, or puts them in. */
export async function changePools(
  cli: Cli,
  name: string | undefined,
  options: { readonly hosts: readonly string[]; readonly pooled: 'yes' | 'no'; readonly force: boolean },
): Promise<ExitStatus> {
  return await withStore(cli, async ({ config, store }) => {
    const environment = await environmentWithHosts(cli, config, name);
    const known = environment.hosts.map((host) => host.name);
    for (const host of options.hosts) {
      if (!known.includes(host))
        throw new RotaError('USAGE', `${JSON.stringify(host)} is no host of ${environment.name}`);
    }
    const changed = await setPooled({ environment, store, clock: cli.clock, signal: cli.signal, ...options });
    for (const key of changed)
      cli.out.line({ key, pooled: options.pooled }, `${key}: pooled ${options.pooled}`);
    if (changed.length === 0) cli.out.remark('nothing to change');
    return changed.length === 0 ? exitStatus.nothingToDo : exitStatus.done;
  });
}
