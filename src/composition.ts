/** The only place that picks adapters: everything else is given what it works with. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { examineStore, openStoreAt } from './composition/open-store-at.ts';
import type { FarmConfig } from './config/farm-config.ts';
import { type JobRegistry, jobRegistry } from './control/stage.ts';
import type { Holder } from './control/store/lease.ts';
import type { RunStore } from './control/store/run-store.ts';
import type { RunView } from './control/store/run-view.ts';
import type { Clock } from './core/clock.ts';
import { isRotaError } from './core/errors/rota-error.ts';
import { findBz2Program } from './export/containers/bz2/compressor.ts';
import type { Program } from './export/containers/program.ts';
import { ContentThreads } from './jobs/full-dump/content/content-threads.ts';
import { fullDumpJob } from './jobs/full-dump/index.ts';
import { ProgressMeter } from './jobs/full-dump/progress-meter.ts';
import type { FullDumpServices } from './jobs/full-dump/services.ts';
import { StatusBoard } from './jobs/full-dump/status/status-board.ts';
import { Tree, type Trees } from './publish/workspace/tree.ts';
import { workspaceName } from './publish/workspace/workspace.ts';

export interface OpenFarmOptions {
  readonly clock: Clock;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly version: string;
}

/** A farm with its adapters opened. */
export interface OpenFarm extends AsyncDisposable {
  readonly config: FarmConfig;
  readonly store: RunStore;
  readonly trees: Trees;
  readonly services: FullDumpServices;
  readonly jobs: JobRegistry<FullDumpServices>;
  readonly holder: Holder;
  /** The private folder of a run and epoch, beside the tree that its files enter. */
  workspaceOf(run: RunView): string;
}

export { examineStore, openStoreAt };

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
export function workspaceFinder(config: FarmConfig): OpenFarm['workspaceOf'] {
  const trees = openTrees(config);
  return (run) => {
    const isPrivate = config.wikis.get(run.subject)?.isPrivate ?? true;
    return join(trees[isPrivate ? 'private' : 'public'].workRoot, workspaceName(run.id, run.epoch));
  };
}

export async function openFarm(config: FarmConfig, options: OpenFarmOptions): Promise<OpenFarm> {
  const { clock, env, version } = options;
  const trees = openTrees(config);
  await trees.private.prepare();
  await trees.public.prepare();
  const store = await openStore(config, clock);
  const threads = new ContentThreads();
  const searchPath = env.PATH ?? '';
  const services: FullDumpServices = {
    farm: config,
    trees,
    bz2: await bz2Program(searchPath),
    searchPath,
    version,
    threads,
    meter: new ProgressMeter(clock),
    status: new StatusBoard(),
  };
  return {
    config,
    store,
    trees,
    services,
    jobs: jobRegistry([fullDumpJob(config)]),
    holder: thisProcess(clock, version),
    workspaceOf: workspaceFinder(config),
    async [Symbol.asyncDispose]() {
      await threads.close();
      await store[Symbol.asyncDispose]();
    },
  };
}

export function thisProcess(clock: Clock, version: string): Holder {
  const startedAt = new Date(clock.now().getTime() - process.uptime() * 1000);
  return { host: hostname(), pid: process.pid, startedAt, version };
}

async function bz2Program(searchPath: string): Promise<Program | null> {
  try {
    return await findBz2Program(searchPath);
  } catch (error) {
    // A farm without bz2 files needs none; preflight says so to the others.
    if (isRotaError(error, 'PROGRAM_MISSING')) return null;
    throw error;
  }
}
