import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { withHosts } from '../../jobs/deploy/pools/hosts-of-pool.ts';
import { type LiveRecord, liveKey } from '../../jobs/deploy/records.ts';
import { partsToRestore } from '../../operations/deploy/parts-to-restore.ts';
import type { Cli } from '../cli.ts';
import { begin, type WorkOptions, withTurn } from './run-deployment.ts';

/** Makes hosts hold again what they serve, or brings it to those that owe it. */
export async function restore(
  cli: Cli,
  name: string | undefined,
  kind: 'repair' | 'catch-up',
  options: WorkOptions & { readonly hosts?: readonly string[]; readonly message?: string },
): Promise<ExitStatus> {
  return await withTurn(cli, name, options, async (farm, environment) => {
    const live = (await farm.store.readPointer({ key: liveKey(environment.name) })) as
      | LiveRecord
      | null
      | undefined;
    if (!live)
      throw new RotaError(
        'VERSION_UNKNOWN',
        `${environment.name} serves nothing yet: rota push ${environment.name}`,
      );
    const { hosts: known, groups } = await withHosts(environment, cli.clock);
    for (const host of options.hosts ?? []) {
      if (!known.some(({ name }) => name === host))
        throw new RotaError('USAGE', `${JSON.stringify(host)} is no host of ${environment.name}`);
    }
    const hosts = options.hosts ?? (kind === 'catch-up' ? Object.keys(live.owing) : undefined);
    if (hosts?.length === 0) {
      cli.out.remark(`every host of ${environment.name} serves ${live.version}`);
      return exitStatus.nothingToDo;
    }
    const parts = await partsToRestore(farm.store, {
      environment: { name: environment.name, groups },
      live,
      hosts,
    });
    let exit: ExitStatus = exitStatus.done;
    for (const { since, ...part } of parts) {
      if (since !== undefined)
        cli.out.remark(`${part.hosts?.join(', ')}: ${part.version} since ${since}, and keeps it`);
      const ended = await begin(cli, farm, environment, options, {
        kind,
        ...part,
        ...(options.message === undefined ? {} : { message: options.message }),
      });
      if (ended !== exitStatus.done) exit = ended;
    }
    return exit;
  });
}
