/** The only place that picks adapters: everything else is given what it works with. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { farmJobs } from './composition/jobs.ts';
import {
  examineStore,
  moveStore,
  openStoreAt,
  openStoreToRead,
  storeIsThere,
} from './composition/open-store-at.ts';
import type { FarmConfig } from './config/farm-config.ts';
import type { Holder } from './control/store/lease.ts';
import type { RunStore } from './control/store/run-store.ts';
import type { RunView } from './control/store/run-view.ts';
import type { Clock } from './core/clock.ts';
import type { AnyJob, JobTools } from './jobs/definition/job-definition.ts';
import { Tree, type Trees } from './publish/workspace/tree.ts';
import { workspaceName } from './publish/workspace/workspace.ts';

export interface OpenFarmOptions {
  readonly clock: Clock;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly version: string;
  /** Rota's own when left out; tests bring others. */
  readonly jobs?: readonly AnyJob[];
}

/** A farm with its adapters opened. */
export interface OpenFarm extends AsyncDisposable {
  readonly config: FarmConfig;
  readonly store: RunStore;
  readonly trees: Trees;
  readonly jobs: readonly AnyJob[];
  /** What the services of a job are made from. */
  readonly tools: JobTools;
  readonly holder: Holder;
  /** The private folder of a run and epoch, beside the tree that its files enter. */
  workspaceOf(run: RunView): string;
}

export { examineStore, moveStore, openStoreAt, openStoreToRead, storeIsThere };

/** With `adopt` a store that was moved here from another machine is taken over. */
export async function openStore(
  config: FarmConfig,
  clock: Clock,
  options: { readonly adopt?: boolean } = {},
): Promise<RunStore> {
  return await openStoreAt(config.store, clock, options);
}

export function openTrees(config: FarmConfig): Trees {
  const tree = (audience: 'public' | 'private') => {
    const { folder, workspaceFolder } = config.output[audience];
    return new Tree({ root: folder, work: workspaceFolder, audience });
  };
  return { public: tree('public'), private: tree('private') };
}

/** Where the private folder of a run and epoch lies: beside the tree that its files enter. */
export function workspaceFinder(
  config: FarmConfig,
  jobs: readonly AnyJob[] = farmJobs,
): OpenFarm['workspaceOf'] {
  const trees = openTrees(config);
  return (run) => {
    const job = jobs.find((candidate) => candidate.name === run.job);
    const audience = job?.audience(config, run.subject) ?? 'private';
    return join(trees[audience].workRoot, workspaceName(run.id, run.epoch));
  };
}

export async function openFarm(config: FarmConfig, options: OpenFarmOptions): Promise<OpenFarm> {
  const { clock, env, version, jobs = farmJobs } = options;
  const trees = openTrees(config);
  await trees.private.prepare();
  await trees.public.prepare();
  const store = await openStore(config, clock);
  return {
    config,
    store,
    trees,
    jobs,
    tools: { farm: config, trees, clock, env, version, records: store },
    holder: thisProcess(clock, version),
    workspaceOf: workspaceFinder(config, jobs),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

export function thisProcess(clock: Clock, version: string): Holder {
  const startedAt = new Date(clock.now().getTime() - process.uptime() * 1000);
  return { host: hostname(), pid: process.pid, startedAt, version };
}
