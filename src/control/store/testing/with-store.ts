import { test } from 'node:test';
import type { RunStore } from '../run-store.ts';
import type { StoreFactory, StoreFixture } from './store-fixture.ts';

/** A test with a store of its own, opened twice as two processes would. */
export function storeTest(
  factory: StoreFactory,
  name: string,
  body: (p: {
    readonly store: RunStore;
    readonly other: RunStore;
    readonly fixture: StoreFixture;
  }) => Promise<void>,
): void {
  test(name, async () => {
    const fixture = await factory();
    try {
      await using store = await fixture.open();
      await using other = await fixture.open();
      await body({ store, other, fixture });
    } finally {
      await fixture.close();
    }
  });
}
