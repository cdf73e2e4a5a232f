import { describe } from 'node:test';
import { claimOrderTests } from './claim-order.ts';
import { fencingTests } from './fencing.ts';
import { holdTests } from './hold.ts';
import { interleavingTests } from './interleavings.ts';
import { latestRunsTests } from './latest-runs.ts';
import { pieceTests } from './pieces.ts';
import { requestTests } from './requests.ts';
import { runTests } from './runs.ts';
import type { StoreFactory } from './store-fixture.ts';
import { watchTests } from './watch.ts';

/** What every adapter of the RunStore port must do; called by a test file of each adapter. */
export function runStoreConformance(name: string, factory: StoreFactory): void {
  describe(`${name}: run store`, () => {
    runTests(factory);
    latestRunsTests(factory);
    claimOrderTests(factory);
    fencingTests(factory);
    pieceTests(factory);
    requestTests(factory);
    holdTests(factory);
    watchTests(factory);
    interleavingTests(factory);
  });
}
