import type { FarmConfig } from '../config/farm-config.ts';
import type { Holder } from '../control/store/lease.ts';
import type { RunStore } from '../control/store/run-store.ts';
import type { RunView } from '../control/store/run-view.ts';
import type { Clock } from '../core/clock.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';
import type { Trees } from '../publish/workspace/tree.ts';

/** What the web needs of an opened farm. */
export interface WebFarm {
  readonly config: FarmConfig;
  readonly store: RunStore;
  readonly trees: Trees;
  readonly jobs: readonly AnyJob[];
  readonly holder: Holder;
  readonly tools: { readonly clock: Clock };
  workspaceOf(run: RunView): string;
}
