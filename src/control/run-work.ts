import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Interruption } from './interruption.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { ProcessGroups } from './process-groups.ts';
import type { RunEventListener } from './run-event.ts';
import type { Holder, LeaseGuard } from './store/lease.ts';
import type { RunStore } from './store/run-store.ts';
import type { RunView } from './store/run-view.ts';

/** What the parts of the stage runner share while one process works on one run. */
export interface RunWork<S> {
  readonly store: RunStore;
  readonly run: RunView;
  readonly guard: LeaseGuard;
  readonly leaseMs: number;
  readonly holder: Holder;
  readonly services: S;
  readonly workspace: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly keeper: Pick<LeaseKeeper, 'assertTrusted'>;
  readonly interruption: Pick<Interruption, 'signal' | 'stopping' | 'reason'>;
  readonly groups: ProcessGroups;
  readonly tell: RunEventListener;
}
