import type { TargetHost } from '../../../config/environment-config.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { HostOutcome } from '../fleet/fleet.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import type { PoolKeeper } from './pool-keeper.ts';

/**
 * Hosts that take no part serve an old version, and new ones have yet to prove what they serve: they leave their pools as far as the
 * floor allows, the others are named. New ones come back with their wave.
 */
export async function excludeOwing(
  { board, stage }: DeployContext,
  keeper: PoolKeeper,
): Promise<readonly string[]> {
  const held = await keeper.held();
  const mayServe: string[] = [];
  const isNew = (host: string) => board.get(host)?.isNew === true;
  const fresh = board.inState('seen', 'prepared').filter(isNew);
  for (const host of [...board.inState('failed'), ...fresh]) {
    // What comes back must leave room for those that are switched before it.
    if (held.includes(host) || (await keeper.exclude(host, fresh.includes(host) ? 1 : 0))) continue;
    mayServe.push(host);
    stage.log.warn(
      { host },
      'a host that takes no part, or is new, stays in its pool, as the floor asks: it may serve the old version',
    );
  }
  return mayServe;
}

/**
 * Works on hosts that serve a version which is not well: those first that are out of their pools already, the others out of
 * them and as many at once as the floor allows. Pools that cannot be asked, or leave no room, keep no host on that version:
 * then it is worked on where it is.
 */
export async function backInWaves(
  { fleet, stage }: DeployContext,
  keeper: PoolKeeper,
  hosts: readonly TargetHost[],
  p: {
    leave(hosts: readonly TargetHost[]): Promise<void>;
    work(host: TargetHost): Promise<void>;
    enter(hosts: readonly TargetHost[]): Promise<void>;
  },
): Promise<readonly HostOutcome<void>[]> {
  const { signal } = stage;
  const ended: HostOutcome<void>[] = [];
  const wave = async (some: readonly TargetHost[]) => {
    const outcomes = await fleet.each(some, p.work, { signal });
    ended.push(...outcomes);
    const well = outcomes.filter(({ ok }) => ok).map(({ host }) => host);
    await despite(() => p.enter(well), undefined);
  };
  const despite = async <T>(ask: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!isRotaError(error, 'POOLS_UNAVAILABLE', 'POOL_FLOOR', 'POOL_DISAGREES')) throw error;
      stage.log.warn({ err: error }, 'hosts are taken back though their pools are not as they should be');
      return otherwise;
    }
  };
  const held = await keeper.held();
  await wave(hosts.filter((host) => held.includes(host.name)));
  let queue = hosts.filter((host) => !held.includes(host.name));
  while (queue.length > 0) {
    const names = queue.map((host) => host.name);
    const may = await despite(() => keeper.mayLeave(names), names);
    const leaving = queue.filter((host) => may.includes(host.name));
    await despite(() => p.leave(leaving), undefined);
    await wave(leaving);
    queue = queue.filter((host) => !may.includes(host.name));
  }
  return ended;
}
