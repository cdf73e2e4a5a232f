import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { Holder, LeaseGuard } from './store/lease.ts';
import type { RunStore } from './store/run-store.ts';

export interface LeaseTools {
  readonly store: RunStore;
  readonly holder: Holder;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Works under a lease and gives it back. LEASE_HELD at once when another has it: the monitor comes again. */
export async function holdLease<T>(
  tools: LeaseTools,
  key: string,
  action: (guard: LeaseGuard) => Promise<T>,
): Promise<T> {
  const { store, holder, leaseMs, clock, log } = tools;
  const grantedMonoMs = clock.monotonicMs();
  const guard = await store.acquireLease({ key, holder, leaseMs });
  const renew = () => store.renewLease({ guard });
  await using keeper = new LeaseKeeper({ what: key, renew, leaseMs, grantedMonoMs, clock, log });
  try {
    const result = await action(guard);
    keeper.assertTrusted();
    return result;
  } finally {
    await store.releaseLease({ guard });
  }
}
