import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { jobName } from '../core/ids.ts';
import { silentLog } from '../core/log.ts';
import { helpRun } from './help-run.ts';
import { done, type PieceLease, Stage, type StageContext } from './stage.ts';
import { RunFixture } from './testing/run-fixture.ts';
import { why } from './why.ts';

const rules = { slotLimits: {}, resumeWithinMs: {} };

/** Two pieces, each of which waits until the other is in hand: one process alone would never end. */
class Together extends Stage<null> {
  readonly name = 'together';
  readonly deadlineMs = 3_600_000;
  readonly inHand = new Map<string, () => void>();
  readonly contexts: StageContext<null>[] = [];
  readonly both = Promise.withResolvers<void>();

  async run(context: StageContext<null>) {
    await context.pieces.define(['1', '2'].map((id) => ({ id, weight: 1, data: null })));
    return done({ pieces: (await context.pieces.runAll()).length });
  }

  override async runPiece(context: StageContext<null>, piece: PieceLease) {
    this.contexts.push(context);
    if (this.contexts.length === 2) this.both.resolve();
    await this.both.promise;
    return { path: piece.folderName, sizeBytes: 0, sha256: '' };
  }
}

test('a helper takes pieces of a running run, writes nothing else, and ends with the run', async () => {
  await using f = await RunFixture.open();
  const stage = new Together();
  const started = Promise.withResolvers<void>();
  const running = f.execute(
    [stage],
    {},
    {
      onEvent: (event) => event.type === 'piece-started' && started.resolve(),
    },
  );
  await started.promise;
  const helping = helpRun<null>({
    store: f.store,
    job: { name: jobName('full-dump'), stages: () => [stage] },
    runId: f.run,
    services: null,
    holder: { ...f.holder, pid: 2 },
    workspaceOf: (run) => join(f.folder, 'work', `${run.subject}.${run.epoch}`),
    clock: f.clock,
    log: silentLog,
    signal: new AbortController().signal,
  });
  await stage.both.promise;
  const helper = stage.contexts.find((context) => context.token === '');
  assert.ok(helper);
  await assert.rejects(helper.commitPointer('p', 1), /only the run's own process may/);
  let ended = 0;
  for (const promise of [running, helping]) promise.finally(() => ended++);
  while (ended < 2) await f.clock.advance(1_000);
  assert.equal((await running).run.state, 'done');
  await helping;
  assert.equal(await f.store.readPointer({ key: 'p' }), undefined);
});

test('why names the process at work, what a stage failed of, and otherwise what is waited for', async () => {
  await using f = await RunFixture.open();
  const ask = () => why({ store: f.store, run: f.run, rules });
  assert.deepEqual((await ask()).sentences, ['Nothing but its turn: the next free worker takes it.']);
  const { guard } = await f.store.claimRun({ id: f.run, holder: f.holder, leaseMs: 30_000, ...rules });
  await f.store.requestRun({ id: f.run, request: 'pause', by: 'anna' });
  const working = await ask();
  assert.equal(working.worksOn?.pid, 1);
  assert.equal(working.request, 'pause');
  assert.match(
    working.sentences.join(' '),
    /process 1 on host1 .* works on it\. Its worker has been asked to pause/i,
  );
  const error = { code: 'DISK_FULL', message: 'no room' };
  await f.store.putStage({ guard, stage: 'text', position: 0, change: { state: 'failed', error } });
  await f.store.endRun({ guard, ending: { state: 'failed', error } });
  const failed = await ask();
  assert.deepEqual(failed.waitsFor, [{ kind: 'ended', state: 'failed', error }]);
  assert.deepEqual(failed.stages, [{ name: 'text', state: 'failed', error }]);
  assert.match(
    failed.sentences.join(' '),
    /It is failed \(DISK_FULL: no room\)\. Stage text is failed: DISK_FULL: no room/,
  );
});
