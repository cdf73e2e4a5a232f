import { farmJobs } from '../composition/jobs.ts';
import { openStore } from '../composition.ts';
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
  const known = knownNames(config, farmJobs);
  return await action({ config, store, jobs: farmJobs, known, by: whoAsks(cli) });
}
