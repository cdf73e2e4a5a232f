// Real dumps and reports by processes that are killed, stopped and misled by their clocks at random, at least 200 times
// on each store; on etcd its members fall, and some workers are cut off, too. ROTA_SEED repeats a series,
// ROTA_CHAOS_BLOWS shortens it.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { openEtcdStore } from '../../../src/control/store/etcd/open-etcd-store.ts';
import { openSqliteStore } from '../../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock as clock } from '../../../src/core/clock.ts';
import { chaosSeries } from '../../control/chaos-series.ts';
import { useEtcd } from '../../control/store-of.ts';
import { startEtcd } from '../../support/etcd.ts';
import { requires } from '../../support/requirements.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { assertDumps, assertEndedOnce, assertReports } from './assert-published.ts';
import { type ChaosFarm, leaseMs, makeChaosFarm } from './chaos-farm.ts';
import { openFarHost } from './far-host.ts';
import { type Played, play } from './play.ts';
import { membersStriker } from './strike-members.ts';

const blows = Number(process.env.ROTA_CHAOS_BLOWS ?? 200);
const seed = Number(process.env.ROTA_SEED ?? Date.now() % 1_000_000);
const timeout = 29 * 60_000;
/** Made-up runs of pieces only: the same faults without the work, so fewer will do. */
const pieceBlows = Math.min(blows, 40);

describe('real dumps and reports under random blows', () => {
  it('on SQLite every one is published once, whole and right', { timeout }, async (t) => {
    await using folder = await temporaryFolder('chaos-work');
    const farm = await makeChaosFarm(folder.path, 'sqlite:./rota.db');
    await using store = await openSqliteStore({ file: folder.in('rota.db'), clock });
    // Expiry is computed from the same clock in all processes: no slack but the bound's own.
    await assertPlayed(t, { farm, store }, await play(t, { farm, store, blows, seed }), leaseMs + 2_000);
  });

  it('on etcd, whose members fall too, every one is published once, whole and right', {
    timeout,
    skip: requires('etcd'),
  }, async (t) => {
    await using folder = await temporaryFolder('chaos-work');
    await using etcd = await startEtcd({ members: 3 });
    const farm = await makeChaosFarm(folder.path, { etcd: etcd.endpoints });
    await using store = await openEtcdStore({ endpoints: etcd.endpoints, clock });
    await using far = await openFarHost(folder.path, etcd);
    if (far === undefined) t.diagnostic('nobody is cut off: no network namespaces here');
    const disturb = membersStriker(etcd);
    const played = await play(t, { farm, store, blows, seed, disturb, far });
    // The election's second, and its members share the cores with everything else.
    await assertPlayed(t, { farm, store }, played, leaseMs + 1_000 + 2_000 + 10_000);
  });
});

async function assertPlayed(
  t: TestContext,
  farm: ChaosFarm,
  played: Played,
  leaseBoundMs: number,
): Promise<void> {
  const { runs, days, fallen, longestDeadLeaseMs } = played;
  const blowsText = [...fallen].map(([what, times]) => `${times} × ${what}`).join(', ');
  t.diagnostic(`${days} days, ${runs.length} runs, ${blowsText}`);
  t.diagnostic(`the dead held a lease for at most ${longestDeadLeaseMs} ms`);
  assert.ok(longestDeadLeaseMs <= leaseBoundMs, `${longestDeadLeaseMs} ms`);
  // Where so many died, some held a lease: who has seen none did not look.
  assert.ok(blows < 200 || longestDeadLeaseMs > 0, 'no lease of a dead process was seen');
  await assertEndedOnce(farm, runs);
  await assertDumps(farm, runs);
  await assertReports(farm, days);
}

describe('pieces under random blows', () => {
  it('on SQLite every run ends once, with all of them', { timeout }, async (t) => {
    await using folder = await temporaryFolder('chaos');
    await chaosSeries(t, { folder: folder.path, leaseMs: 900, blows: pieceBlows, seed });
  });

  it('on etcd every run ends once, with all of them', { timeout, skip: requires('etcd') }, async (t) => {
    await using folder = await temporaryFolder('chaos');
    await using etcd = await startEtcd({ members: 3 });
    await useEtcd(folder.path, { endpoints: etcd.endpoints, prefix: '/chaos/' });
    const strike = membersStriker(etcd);
    await chaosSeries(t, {
      folder: folder.path,
      leaseMs: 2_000,
      blows: pieceBlows,
      seed,
      disturb: async (random) => void (await strike(random)),
    });
  });
});
