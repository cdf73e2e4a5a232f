import type { TargetHost } from '../../../config/environment-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { HostOutcome } from '../fleet/fleet.ts';
import { PoolKeeper } from '../pools/pool-keeper.ts';
import { backInWaves } from '../pools/waves.ts';
import type { ChosenVersion, DeployContext } from '../stages/deploy-stage.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { switchHost } from './switch-host.ts';

export interface TakenBack {
  /** Hosts that could not be taken back: they may serve the new version. */
  readonly left: readonly string[];
  /** What the hosts serve now, for people. */
  readonly sentence: string;
}

/**
 * Takes all hosts that this deployment may have switched back to what they served before, those first that failed. Needs
 * no transfer: the slot is still there. Once only: what fails here is named, and left to a person.
 */
export async function takeBack(context: DeployContext, version: ChosenVersion): Promise<TakenBack> {
  const { environment, board } = context;
  const touched = environment.hosts.filter((host) => mayServe(context, host));
  const first = touched.filter((host) => board.get(host.name)?.before === null).map((host) => host.name);
  const names = await versionNames(context);
  const restore = async (host: TargetHost): Promise<void> => {
    const before = board.get(host.name)?.before;
    if (before === null || before === undefined)
      throw new RotaError('INTERNAL', `${host.name} had nothing before`);
    const commit = before.split(/[-.]/)[0] ?? before;
    await switchHost(context, host, { slot: before, version: names.get(commit) ?? commit });
    if (board.get(host.name)?.state !== 'failed') board.set(host.name, 'restored');
  };
  const going = touched.filter((host) => !first.includes(host.name));
  const outcomes = await inOrOutOfPools(context, going, restore);
  const left = outcomes.filter((outcome) => !outcome.ok).map(({ host }) => host.name);
  for (const outcome of outcomes) {
    if (!outcome.ok) board.fail(outcome.host.name, 'take-back', outcome.error);
  }
  await board.save();
  const restored = outcomes.length - left.length;
  const parts = [
    `${restored} ${restored === 1 ? 'host was' : 'hosts were'} taken back to what they served before`,
  ];
  if (left.length > 0)
    parts.push(`${left.slice(0, 5).join(', ')} could not be and may serve ${version.version}`);
  if (first.length > 0)
    parts.push(`${first.slice(0, 5).join(', ')} had served nothing before and may serve ${version.version}`);
  return { left: [...left, ...first], sentence: parts.join('; ') };
}

async function inOrOutOfPools(
  context: DeployContext,
  hosts: readonly TargetHost[],
  restore: (host: TargetHost) => Promise<void>,
): Promise<readonly HostOutcome<void>[]> {
  const { environment, fleet, stage } = context;
  if (environment.pools === null) return await fleet.each(hosts, restore, { signal: stage.signal });
  await using keeper = new PoolKeeper(context, environment.pools);
  return await backInWaves(context, keeper, hosts, restore);
}

/** What versions are called that the repository here has; a taken-over host may serve others. */
async function versionNames({ environment, stage }: DeployContext): Promise<ReadonlyMap<string, string>> {
  try {
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    return new Map((await repository.versions()).map(({ commit, name }) => [commit, name]));
  } catch (error) {
    stage.signal.throwIfAborted();
    stage.log.warn({ err: error }, 'versions could not be listed');
    return new Map();
  }
}

/** Only a host that was to be switched can serve the new version, even if it failed later. */
function mayServe({ board }: DeployContext, host: TargetHost): boolean {
  const record = board.get(host.name);
  if (record === undefined || record.before === record.slot) return false;
  return (
    record.state === 'promoting' ||
    record.state === 'promoted' ||
    (record.state === 'failed' && record.step?.startsWith('rollout') === true)
  );
}
