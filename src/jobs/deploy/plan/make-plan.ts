import { createHash } from 'node:crypto';
import type { EnvironmentConfig, HostGroup, TargetHost } from '../../../config/environment-config.ts';
import { ContentMaker } from '../content/host-content.ts';
import { serviceName } from '../pools/pool-store.ts';
import type { RolloutSteps } from '../rollout/steps/steps.ts';
import type { Observation } from '../target/programs/observe.ts';
import { changedBytes } from '../version/changed-bytes.ts';
import { makePack } from '../version/make-pack.ts';
import type { Version } from '../version/version.ts';
import type { VersionRepository } from '../version/version-repository.ts';
import { chooseBase } from './choose-base.ts';
import type { DeployPlan, FileCounts, PlannedGroup, PlannedHost, PlannedStep } from './deploy-plan.ts';
import { plannedSteps } from './planned-steps.ts';

/** What is known of a host: what it was seen to have, or why it could not be looked at. */
export type HostSight =
  | { readonly seen: Observation; readonly problem: null }
  | { readonly seen: null; readonly problem: { readonly code: string; readonly message: string } };

export interface PlanSources {
  readonly environment: EnvironmentConfig;
  /** Groups to switch; all when left out. */
  readonly groups: readonly string[] | undefined;
  readonly sights: ReadonlyMap<string, HostSight>;
  readonly live: string | null;
  readonly repository: VersionRepository;
  readonly version: Version;
  readonly isNew: boolean;
  readonly work: PlannedWork;
}

/** What a recipe would do. */
export interface PlannedWork {
  readonly stages: readonly PlannedStep[];
  readonly steps: RolloutSteps;
}

/** What a push would do now. Packs that it would send are made, and kept for it. */
export async function makePlan(p: PlanSources): Promise<DeployPlan> {
  const { environment, version } = p;
  const maker = new ContentMaker(environment);
  const costs = new Costs(p.repository, version.commit, environment.holds);
  const versions = await p.repository.versions();
  const names = new Map(versions.map(({ commit, name }) => [commit, name]));
  const ours = versions.map(({ commit }) => commit);
  const hosts: PlannedHost[] = [];
  for (const host of environment.hosts) hosts.push(await planHost(p, host, { costs, maker, names, ours }));
  return {
    environment: environment.name,
    version: { name: version.name, tree: version.tree, isNew: p.isNew },
    live: p.live,
    settings: settingsDigest(environment),
    groupsOnly: p.groups !== undefined,
    stages: p.work.stages,
    groups: environment.groups
      .filter((group) => p.groups === undefined || p.groups.includes(group.name))
      .map((group) => planGroup(p, group)),
    pools: (environment.pools?.services ?? []).map((service) => ({
      name: serviceName(service),
      floor: service.floor,
    })),
    hosts,
    totalBytes: hosts.reduce((sum, host) => sum + host.transferBytes, 0),
  };
}

async function planHost(
  p: PlanSources,
  host: TargetHost,
  known: {
    readonly costs: Costs;
    readonly maker: ContentMaker;
    readonly names: ReadonlyMap<string, string>;
    readonly ours: readonly string[];
  },
): Promise<PlannedHost> {
  const group = p.environment.groups.find((one) => one.hosts.includes(host.name))?.name ?? '';
  const sight = p.sights.get(host.name);
  const nothing = {
    instance: null,
    serves: null,
    intact: null,
    transfer: 'none',
    transferBytes: 0,
    content: null,
  } as const;
  const noFiles = { added: 0, modified: 0, deleted: 0 };
  const about = { name: host.name, group };
  if (sight === undefined || sight.seen === null) {
    const problem = sight?.problem ?? { code: 'HOST_UNREACHABLE', message: `${host.name} was not looked at` };
    return { ...about, ...nothing, files: noFiles, problem };
  }
  const { seen } = sight;
  const { commit } = p.version;
  const served = seen.current === null ? undefined : seen.slots.get(seen.current);
  const base = seen.commits.has(commit) ? commit : chooseBase(seen, seen.current, known.ours);
  return {
    ...about,
    instance: seen.instance,
    serves: served === undefined ? null : { commit: served, version: known.names.get(served) ?? null },
    intact: seen.intact,
    transfer: base === commit ? 'none' : base === null ? 'whole' : 'difference',
    transferBytes: base === commit ? 0 : await known.costs.bytes(base),
    files: await known.costs.files(served !== undefined && known.ours.includes(served) ? served : null),
    content: (await known.maker.contentFor(host, p.version.name)).digest,
    problem: null,
  };
}

function planGroup({ environment, work, version }: PlanSources, group: HostGroup): PlannedGroup {
  const batches: string[][] = [];
  for (let i = 0; i < group.hosts.length; i += group.batch) {
    batches.push(group.hosts.slice(i, i + group.batch));
  }
  return {
    name: group.name,
    batches,
    steps: plannedSteps(environment, group, work.steps, version),
    soakMs: group.soakMs,
    failureLimit: group.failureLimit,
    onFailure: group.onFailure,
  };
}

/** Everything in rota.yaml that a deployment of the environment depends on. Secrets show nothing of themselves. */
function settingsDigest(environment: EnvironmentConfig): string {
  // Which hosts a pool has is no setting: where it differs, that is said by itself.
  const settings = environment.hostPool === null ? environment : { ...environment, hosts: [], groups: [] };
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}

/** What it costs to come from one version to another; the same for all hosts that begin at the same. */
class Costs {
  readonly #repository: VersionRepository;
  readonly #commit: string;
  readonly #holds: EnvironmentConfig['holds'];
  readonly #bytes = new Map<string | null, Promise<number>>();
  readonly #files = new Map<string | null, Promise<FileCounts>>();

  constructor(repository: VersionRepository, commit: string, holds: EnvironmentConfig['holds']) {
    this.#repository = repository;
    this.#commit = commit;
    this.#holds = holds;
  }

  /** What is sent: a pack, which is made and kept; or the files that rsync sends, at most. */
  bytes(base: string | null): Promise<number> {
    const known = this.#bytes.get(base) ?? this.#measure(base);
    this.#bytes.set(base, known);
    return known;
  }

  async #measure(base: string | null): Promise<number> {
    if (this.#holds === 'git') return (await makePack(this.#repository, this.#commit, base)).bytes;
    return await changedBytes(this.#repository, base, this.#commit);
  }

  files(base: string | null): Promise<FileCounts> {
    const known = this.#files.get(base) ?? this.#compare(base);
    this.#files.set(base, known);
    return known;
  }

  async #compare(base: string | null): Promise<FileCounts> {
    const from = base ?? this.#repository.emptyTree;
    const output = await this.#repository.git([
      'diff-tree',
      '-r',
      '-z',
      '--no-renames',
      '--name-status',
      from,
      this.#commit,
    ]);
    const words = output
      .toString('latin1')
      .split('\0')
      .filter((_, i) => i % 2 === 0);
    const count = (letters: string) => words.filter((word) => word !== '' && letters.includes(word)).length;
    return { added: count('A'), modified: count('MT'), deleted: count('D') };
  }
}
