// A worker that is killed, stopped or doubled: the dump is finished by another, right, once, and by nobody else.
import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { stageNames } from '../../src/jobs/full-dump/parameters.ts';
import {
  assertDone,
  bytesOf,
  contentsOf,
  faultDate,
  faultFarm,
  resumeDump,
} from '../faults/dump-under-fault.ts';
import { hasStarted, strikeIn, type Transition, transitionsOf, whenRecorded } from '../faults/run-watch.ts';
import { endLeases } from '../support/end-leases.ts';
import type { Farm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import type { TestWiki } from '../support/mediawiki/wiki.ts';
import { filesBelow, runDump } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { stopBetweenWrites } from '../support/stop-between-writes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Stage = (typeof stageNames)[number];

// Several at once: they wait for leases to end most of the time.
const options = { skip: requires('mariadb', 'mediawiki', 'bzip2', 'zstd'), concurrency: 3 };

describe('a worker', options, () => {
  let wiki: TestWiki;
  let undisturbed: Readonly<Record<string, string>>;
  before(async () => {
    wiki = await wikiCopy('bulk', 'killed_worker');
    await using folder = await temporaryFolder();
    const farm = await faultFarm(folder.path, wiki);
    assertDone(await runDump(farm, wiki, faultDate));
    undisturbed = await contentsOf(farm, wiki);
  });
  after(async () => {
    await wiki?.[Symbol.asyncDispose]();
  });

  const startDump = (folder: string) =>
    startRota(['dump', wiki.database, '--date', faultDate], { cwd: folder });

  for (const part of [stageNames.slice(0, 6), stageNames.slice(6)]) {
    it(`killed in ${part.join(', ')}, in turn: the dump is resumed every time, and is the same`, async () => {
      const open = new Set<Stage>(part);
      // A short stage may be over before anybody has looked: then it is struck in another dump.
      for (let attempt = 0; open.size > 0; attempt++) {
        await using folder = await temporaryFolder();
        const farm = await faultFarm(folder.path, wiki);
        const struck = await killedIn(farm, [...open]);
        // Where the last stage was over before the blow there is nothing left to resume.
        if (!transitionsOf(farm).some(isEnd)) await resumeDump(farm, wiki);
        assert.deepEqual(await contentsOf(farm, wiki), undisturbed, `after kills in ${struck}`);
        assertNotRepeated(farm, struck);
        for (const stage of struck) open.delete(stage);
        assert.ok(attempt < 10, `never struck in ${[...open]}`);
      }
    });
  }

  const isEnd = (change: Transition): boolean => change.stage === null && change.to === 'done';

  /** One worker after the other dies in the next of the stages; in which of them a blow fell. */
  const killedIn = async (farm: Farm, stages: readonly Stage[]): Promise<readonly Stage[]> => {
    const struck: Stage[] = [];
    for (const stage of stages) {
      if (struck.length > 0) endLeases(farm.folder);
      const worker = startDump(farm.folder);
      if (await strikeIn(farm, worker, stage, () => signalTree(worker, 'SIGKILL'))) struck.push(stage);
      else signalTree(worker, 'SIGKILL');
      await worker;
    }
    return struck;
  };

  it('that another joins: one dump is made, and each stage of it once', async () => {
    await using folder = await temporaryFolder();
    const farm = await faultFarm(folder.path, wiki);
    const results = await Promise.all([runDump(farm, wiki, faultDate), runDump(farm, wiki, faultDate)]);
    const statuses = results.map(({ status }) => status).sort((a, b) => a - b);
    assert.equal(statuses[0], 0, results.map(({ stderr }) => stderr).join('\n'));
    assert.ok([0, 4, 75].includes(statuses[1] ?? -1), `${statuses}`);
    assert.deepEqual(await contentsOf(farm, wiki), undisturbed);
    for (const stage of stageNames) {
      const starts = transitionsOf(farm).filter(
        (change) => change.stage === stage && change.to === 'running',
      );
      assert.ok(starts.length <= 1, `${stage} ran ${starts.length} times`);
    }
  });

  it('that sleeps through its lease and wakes up is refused, and changes nothing', async () => {
    await using folder = await temporaryFolder();
    const farm = await faultFarm(folder.path, wiki);
    const stale = startDump(farm.folder);
    assert.ok(await whenRecorded(farm, stale, hasStarted('content')));
    await stopBetweenWrites(join(farm.folder, 'rota.db'), (name) => signalTree(stale, name));
    await resumeDump(farm, wiki);
    // It may have been stopped while it wrote a file under a name of its own, which it is to take away again.
    const published = Object.fromEntries(
      Object.entries(await bytesOf(farm, wiki)).filter(([name]) => !name.startsWith('.new-')),
    );
    signalTree(stale, 'SIGCONT');
    const result = await stale;
    assert.equal(result.timedOut, false, 'the stale worker never ended');
    assert.equal(result.exitCode, 1, 'the stale worker does not know that it lost the run');
    assert.match(Buffer.from(result.stderr).toString(), /LEASE_LOST/);
    assert.deepEqual(await bytesOf(farm, wiki), published);
    assert.deepEqual(await contentsOf(farm, wiki), undisturbed);
  });

  it('finds a finished piece truncated: nothing wrong is published, and the piece is made again', async () => {
    await using folder = await temporaryFolder();
    const farm = await faultFarm(folder.path, wiki);
    const worker = startDump(farm.folder);
    assert.ok(await whenRecorded(farm, worker, hasStarted('assemble')));
    signalTree(worker, 'SIGKILL');
    await worker;
    const pieces = (await filesBelow(farm.folder)).filter((path) => /\/p[^/]*\.[^/]*-[^/]*\//.test(path));
    assert.ok(pieces.length > 0, 'there are no pieces');
    for (const piece of pieces) await truncate(piece, 20);
    endLeases(farm.folder);
    // The first that finds it out may fail of it.
    if ((await startDump(farm.folder)).exitCode !== 0) await resumeDump(farm, wiki);
    assert.deepEqual(await contentsOf(farm, wiki), undisturbed);
  });

  /** What was finished is not done again: each stage was done once, and begun once more for each blow. */
  const assertNotRepeated = (farm: Farm, struck: readonly Stage[]): void => {
    for (const stage of stageNames) {
      const changes = transitionsOf(farm).filter((change) => change.stage === stage);
      const count = (to: string) => changes.filter((change) => change.to === to).length;
      assert.equal(count('done'), 1, `${stage} was done ${count('done')} times`);
      if (struck.includes(stage)) assert.ok(count('running') > 1, `${stage} was not begun again`);
    }
  };
});
