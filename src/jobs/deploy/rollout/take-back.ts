import type { HostGroup, TargetHost } from '../../../config/environment-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { HostOutcome } from '../fleet/fleet.ts';
import { PoolKeeper } from '../pools/pool-keeper.ts';
import { backInWaves } from '../pools/waves.ts';
import type { ChosenVersion, DeployContext } from '../stages/deploy-stage.ts';
import { VersionRepository } from '../version/version-repository.ts';
import type { RolloutSteps } from './steps/steps.ts';
import { hostContext, type Served, switchHost, targetOf, waveBack } from './steps/switch-host.ts';

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
export async function takeBack(
  context: DeployContext,
  version: ChosenVersion,
  p: { readonly steps: RolloutSteps; readonly group: HostGroup },
): Promise<TakenBack> {
  const { environment, board } = context;
  const touched = environment.hosts.filter((host) => mayServe(context, host));
  const first = touched.filter((host) => board.get(host.name)?.before === null).map((host) => host.name);
  const names = await versionNames(context);
  const servedOf = (host: TargetHost): Served => {
    const before = board.get(host.name)?.before;
    if (before === null || before === undefined)
      throw new RotaError('INTERNAL', `${host.name} had nothing before`);
    const commit = before.split(/[-.]/)[0] ?? before;
    return { slot: before, version: names.get(commit) ?? commit };
  };
  const restore = async (host: TargetHost): Promise<void> => {
    const at = hostContext(context, host, { served: servedOf(host), group: null, isFirst: false });
    await switchHost(at, p.steps, 'undo');
    await p.steps.check.undo(at);
    if (board.get(host.name)?.state !== 'failed') board.set(host.name, 'restored');
  };
  const going = touched.filter((host) => !first.includes(host.name));
  const outcomes = await inOrOutOfPools(context, going, { ...p, servedOf, restore });
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
  p: {
    readonly steps: RolloutSteps;
    readonly group: HostGroup;
    readonly servedOf: (host: TargetHost) => Served;
    readonly restore: (host: TargetHost) => Promise<void>;
  },
): Promise<readonly HostOutcome<void>[]> {
  const { environment, fleet, stage } = context;
  const { depool } = p.steps;
  const step = (name: 'depool' | 'repool', keeper: PoolKeeper | null) => (some: readonly TargetHost[]) =>
    p.steps[name].undo(waveBack(context, { hosts: some, keeper, servedOf: p.servedOf }));
  if (environment.pools === null) {
    const leaves = hosts.some((host) => depool.local(targetOf(context, host, p.servedOf(host))) !== null);
    const atOnce = leaves ? p.group.batch : Math.max(1, hosts.length);
    const ended: HostOutcome<void>[] = [];
    for (let i = 0; i < hosts.length; i += atOnce) {
      const some = hosts.slice(i, i + atOnce);
      await step('depool', null)(some);
      const outcomes = await fleet.each(some, p.restore, { signal: stage.signal });
      ended.push(...outcomes);
      await step('repool', null)(outcomes.filter(({ ok }) => ok).map(({ host }) => host));
    }
    return ended;
  }
  await using keeper = new PoolKeeper(context, environment.pools);
  return await backInWaves(context, keeper, hosts, {
    leave: step('depool', keeper),
    work: p.restore,
    enter: step('repool', keeper),
  });
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
