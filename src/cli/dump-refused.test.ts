// What `rota dump` does not begin, and what it says of it.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FarmFolder, outputYaml } from '../config/testing/farm-folder.ts';
import { openSqliteStore } from '../control/store/sqlite/open-sqlite-store.ts';
import { systemClock } from '../core/clock.ts';
import { runId, subjectName } from '../core/ids.ts';
import { fullDumpName } from '../jobs/full-dump/name.ts';
import { runRota } from './testing.ts';

const yaml = `${outputYaml}store: sqlite:./private/rota.db\nwikis: { a: { database: sqlite:x, siteinfo: x.xml } }\n`;

function farmFolder(): FarmFolder {
  const farm = new FarmFolder();
  farm.write('rota.yaml', yaml);
  mkdirSync(join(farm.path, 'private'), { recursive: true });
  return farm;
}

function openStore(farm: FarmFolder) {
  return openSqliteStore({ file: join(farm.path, 'private/rota.db'), clock: systemClock });
}

test('a dump of a date that is far away is begun only on purpose, and one that was begun goes on', async () => {
  using farm = farmFolder();
  await using store = await openStore(farm);
  const id = runId(fullDumpName, subjectName('a'), '20991231');
  const refused = await runRota(['dump', 'a', '--date', '20991231'], { cwd: farm.path });
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /USAGE: 20991231 has not come yet: .*; if it is meant, give --force/);
  assert.equal(await store.readRun({ id }), undefined);
  for (const more of [['--force'], []]) {
    const begun = await runRota(['dump', 'a', '--date', '20991231', ...more], { cwd: farm.path });
    assert.match(begun.stderr, /rota: 20991231 has not come yet: .*; rota dump withdraw takes it back/);
    // There is no such database.
    assert.equal((await store.readRun({ id }))?.stages[0]?.name, 'preflight', begun.stderr);
  }
});

test('a dump that must wait says that it is left waiting, and how it is given up', async () => {
  using farm = farmFolder();
  await using store = await openStore(farm);
  const busy = runId(fullDumpName, subjectName('a'), '20200101');
  await store.createRun({ id: busy });
  const holder = { host: 'elsewhere', pid: 1, startedAt: new Date() };
  const rules = { slotLimits: {}, resumeWithinMs: {} };
  await store.claimRun({ id: busy, holder, leaseMs: 600_000, ...rules });
  const itself = await runRota(['dump', 'a', '--date', '20200101'], { cwd: farm.path });
  assert.equal(itself.status, 75, itself.stderr);
  assert.doesNotMatch(itself.stderr, /left waiting/);
  const other = await runRota(['dump', 'a', '--date', '20200102'], { cwd: farm.path });
  assert.equal(other.status, 75, other.stderr);
  assert.match(
    other.stderr,
    /full-dump\/a\/20200102 is left waiting: .*; rota run cancel full-dump\/a\/20200102 gives it up/,
  );
  const given = await runRota(['run', 'cancel', 'full-dump/a/20200102'], { cwd: farm.path });
  assert.equal(given.status, 0, given.stderr);
});
