import type { FarmConfig } from '../../config/farm-config.ts';
import type { LeaseTools } from '../../control/hold-lease.ts';
import type { RunDetails } from '../../control/store/run-view.ts';
import type { Trees } from '../../publish/workspace/tree.ts';

/** What a chore of the monitor works with: the farm as its configuration is at this sweep. */
export interface Sweep extends LeaseTools {
  readonly config: FarmConfig;
  readonly trees: Trees;
  /** Rota's version. */
  readonly version: string;
  readonly signal: AbortSignal;
}

/**
 * The order of a sweep's chores over all jobs: what must not be seen goes first, and before anything makes files
 * follow their pointers again; then pages of dead runs, old dates, and the pages that list what there is.
 */
export const chorePhases = ['withdraw', 'follow', 'status', 'retention', 'index'] as const;
export type ChorePhase = (typeof chorePhases)[number];

export interface JobChore {
  readonly phase: ChorePhase;
  /** For people and the log; no other chore of the farm has it. */
  readonly name: string;
  /** One monitor of the farm is at it at a time. Costly chores come less often than sweeps. */
  run(sweep: Sweep): Promise<unknown>;
}

/** What the monitor does for one job. */
export interface JobMonitoring {
  readonly chores: readonly JobChore[];
  /**
   * Whether the private folder of an epoch of a run may still be of use. When left out, folders of ended runs and of
   * earlier epochs go; those of failed and cancelled runs while they can be taken up again stay.
   */
  isWorkspaceNeeded?(
    sweep: Pick<Sweep, 'store' | 'config' | 'clock' | 'trees'>,
    run: RunDetails,
    epoch: number,
  ): Promise<boolean>;
}
