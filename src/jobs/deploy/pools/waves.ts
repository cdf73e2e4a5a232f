import type { TargetHost } from '../../../config/environment-config.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import type { PoolKeeper } from './pool-keeper.ts';

/** Brings hosts that serve the version into their pools again, those included that an earlier process took out. */
export async function bringIn(
  { board }: DeployContext,
  keeper: PoolKeeper,
  wave: readonly TargetHost[],
): Promise<void> {
  const held = await keeper.held();
  const well = wave.filter(({ name }) => held.includes(name) && board.get(name)?.state === 'promoted');
  await keeper.repool(well.map((host) => host.name));
}

/** Hosts that do not take part serve an old version: they leave their pools as far as the floor allows, the others are named. */
export async function excludeOwing(
  { board, stage }: DeployContext,
  keeper: PoolKeeper,
): Promise<readonly string[]> {
  const held = await keeper.held();
  const mayServe: string[] = [];
  for (const host of board.inState('failed')) {
    if (held.includes(host) || (await keeper.exclude(host))) continue;
    mayServe.push(host);
    stage.log.warn(
      { host },
      'a host that takes no part stays in its pool, as the floor asks: it may serve the old version',
    );
  }
  return mayServe;
}
