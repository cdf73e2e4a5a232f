import type { LeaseTools } from './hold-lease.ts';
import type { LeaseGuard } from './store/lease.ts';

/**
 * Takes pointers out of the store: each is first made void under the lease, so that one who lost it is refused, then
 * the void ones go.
 */
export async function forgetPointers(
  tools: Pick<LeaseTools, 'store' | 'clock'>,
  guard: LeaseGuard,
  prefix: string,
): Promise<void> {
  const { store, clock } = tools;
  for (const { key } of await store.listPointers({ prefix })) {
    await store.commitPointer({ key, value: null, guard });
  }
  // What was written in this very millisecond counts as before.
  await store.prunePointers({ prefix, writtenBefore: new Date(clock.now().getTime() + 1) });
}
