// A worker that is killed, stopped or doubled: the dump is finished by another, right, once, and by nobody else.
import assert from 'node:assert/strict';
import { mkdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { stageNames } from '../../src/jobs/full-dump/parameters.ts';
import type { Farm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import type { TestWiki } from '../support/mediawiki/wiki.ts';
import { filesBelow, runDump } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { stopBetweenWrites } from '../support/stop-between-writes.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { assertDone, bytesOf, contentsOf, faultDate, faultFarm, resumeDump } from './dump-under-fault.ts';
import { hasStarted, transitionsOf, whenRecorded } from './run-watch.ts';

describe('a worker', { skip: requires('mariadb', 'mediawiki', 'bzip2', 'zstd') }, () => {
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

  for (const stage of stageNames) {
    it(`killed in ${stage}: the dump is resumed and is the same`, async () => {
      await using folder = await temporaryFolder();
      const farm = await killedIn(stage, folder);
      await resumeDump(farm, wiki);
      assert.deepEqual(await contentsOf(farm, wiki), undisturbed);
      assertNotRepeated(farm, stage);
    });
  }

  /** Where the machine is so busy that the dump ends before the blow falls, another is begun. */
  const killedIn = async (stage: string, folder: TemporaryFolder): Promise<Farm> => {
    for (let attempt = 0; ; attempt++) {
      const own = folder.in(`${attempt}`);
      await mkdir(own);
      const farm = await faultFarm(own, wiki);
      const worker = startDump(farm.folder);
      const seen = await whenRecorded(farm, worker, hasStarted(stage));
      signalTree(worker, 'SIGKILL');
      await worker;
      assert.ok(seen, `the dump never came to ${stage}`);
      if (!transitionsOf(farm).some((change) => change.stage === null && change.to === 'done')) return farm;
    }
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
    const published = await bytesOf(farm, wiki);
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
    const first = await runUntilFree(farm.folder);
    if (first !== 0) await resumeDump(farm, wiki);
    assert.deepEqual(await contentsOf(farm, wiki), undisturbed);
  });

  const runUntilFree = async (folder: string): Promise<number> => {
    for (;;) {
      const { exitCode } = await startDump(folder);
      if (exitCode !== 75) return exitCode ?? 128;
    }
  };

  /** Stages that were finished before the one in which the worker was killed are not run again. */
  const assertNotRepeated = (farm: Farm, killedStage: (typeof stageNames)[number]): void => {
    for (const stage of stageNames.slice(0, stageNames.indexOf(killedStage))) {
      const changes = transitionsOf(farm).filter((change) => change.stage === stage);
      const done = changes.filter((change) => change.to === 'done').length;
      assert.ok(done <= 1, `${stage} was done ${done} times`);
    }
  };
});
