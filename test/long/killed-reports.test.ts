import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '../../src/core/random.ts';
import { assertNoHole, digestOf, ReportFarm, shortLease } from '../report/farm.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

// Days of reports whose process is killed at any moment, again and again: whoever reads meanwhile finds whole reports, and
// in the end those of a farm that nobody killed.

const seed = 20_261_130;
const killsADay = 5;

let folder: TemporaryFolder;
before(async () => {
  folder = await temporaryFolder('killed');
});
after(() => folder[Symbol.asyncDispose]());

test(`incremental days and replaced reports, killed at random (seed ${seed})`, async (t) => {
  const random = new Random(seed, 'kills');
  const [whole, killed] = await Promise.all(
    ['whole', 'killed'].map((name) => ReportFarm.make(folder.in(name), shortLease)),
  );
  assert.ok(whole !== undefined && killed !== undefined);
  const days: readonly (readonly [day: string, date: string, ...more: string[]])[] = [
    ['2026-11-20', '20261121'],
    ['2026-11-21', '20261122'],
    // The same day anew: its report passes from the one to the other.
    ['2026-11-21', '20261122', '--force', '--complete'],
    ['2026-11-22', '20261123'],
  ];
  for (const [place, [day, date, ...more]] of days.entries()) {
    for (const farm of [whole, killed]) await farm.dumpOf(day);
    const begunMs = performance.now();
    const done = await whole.run('--date', date, ...more);
    assert.equal(done.status, 0, done.stderr);
    const tookMs = performance.now() - begunMs;
    for (let kill = 0; kill < killsADay && place > 0; kill += 1) {
      // Only the first begins anew; the others go on with what it left.
      await killAfter(killed, ['--date', date, ...(kill === 0 ? more : [])], random.float() * tookMs * 1.1);
      await assertNoHole(killed);
    }
    await finish(killed, ['--date', date]);
    await assertNoHole(killed);
    t.diagnostic(`${[day, ...more].join(' ')}: ${place === 0 ? 0 : killsADay} kills`);
    for (const scope of ['web', 'mobile']) {
      const expected = await digestOf(join(whole.home(scope), day));
      assert.deepEqual(await digestOf(join(killed.home(scope), day)), expected, `${scope}, ${day}`);
      assert.equal(await killed.latest(scope), day);
    }
  }
});

async function killAfter(farm: ReportFarm, args: readonly string[], ms: number): Promise<void> {
  const child = startRota(['report', 'run', ...args], { cwd: farm.folder });
  const ended = await Promise.race([child.then(() => true), wait(ms).then(() => false)]);
  if (!ended) signalTree(child, 'SIGKILL');
  await child;
}

/** The lease of the one that was killed has to end first; on a busy machine one may be lost. */
async function finish(farm: ReportFarm, args: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const { status, stdout, stderr } = await farm.run(...args);
    const text = `${stdout}${stderr}`;
    if (/RUN_BUSY|RUN_WAITS|LEASE_LOST/.test(text)) await wait(1000);
    else if (status === 0 || status === 4) return;
    else assert.fail(text);
  }
  assert.fail('the runs did not come to an end');
}
