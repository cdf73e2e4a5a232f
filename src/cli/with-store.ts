import { farmJobs } from '../composition/jobs.ts';
import { openStore, openStoreToRead, storeIsThere } from '../composition.ts';
import { describeStore } from '../config/describe-store.ts';
import type { FarmConfig } from '../config/farm-config.ts';
import type { RunStore } from '../control/store/run-store.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';
import { type KnownNames, knownNames } from '../operations/runs/known-names.ts';
import type { Cli } from './cli.ts';
import { tellWaiting } from './tell-waiting.ts';
import { whoAsks } from './who-asks.ts';

export interface StoreTools {
  readonly config: FarmConfig;
  readonly store: RunStore;
  readonly jobs: readonly AnyJob[];
  readonly known: KnownNames;
  /** Who asks, for the run's history: `ops@host`. */
  readonly by: string;
}

/** For commands that only need the run store: neither trees nor programs are looked at. */
export async function withStore<T>(cli: Cli, action: (tools: StoreTools) => Promise<T>): Promise<T> {
  const config = await cli.farm();
  await using store = await tellWaiting(cli, config, openStore(config, cli.clock));
  return await action(toolsFor(cli, config, store));
}

/** The same for commands that only look: where there is no store yet, they see an empty one, say so, and make none. */
export async function withStoreToRead<T>(cli: Cli, action: (tools: StoreTools) => Promise<T>): Promise<T> {
  const config = await cli.farm();
  tellIfAbsent(cli, config);
  await using store = await tellWaiting(cli, config, openStoreToRead(config.store, cli.clock));
  return await action(toolsFor(cli, config, store));
}

/** For commands that change what must be there already: where there is no store they make none, and do not find it. */
export async function withExistingStore<T>(cli: Cli, action: (tools: StoreTools) => Promise<T>): Promise<T> {
  const { store } = await cli.farm();
  return await (storeIsThere(store) ? withStore : withStoreToRead)(cli, action);
}

/** A path that is misspelt looks like a farm that has not done anything yet. */
function tellIfAbsent(cli: Cli, config: FarmConfig): void {
  if (storeIsThere(config.store)) return;
  cli.out.remark(
    `rota: there is no run store ${describeStore(config.store)} yet: rota up, rota worker or the first dump makes it`,
  );
}

function toolsFor(cli: Cli, config: FarmConfig, store: RunStore): StoreTools {
  return { config, store, jobs: farmJobs, known: knownNames(config, farmJobs), by: whoAsks(cli) };
}
