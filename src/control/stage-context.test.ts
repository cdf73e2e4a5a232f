import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';
import { RotaError } from '../core/errors/rota-error.ts';
import { CustomCheck } from './check.ts';
import { done, Stage } from './stage.ts';
import { FunctionStage, RunFixture } from './testing/run-fixture.ts';

const lost = () => new RotaError('STORE_BUSY', 'the database went away');

test('checks before and after a stage fail it or only warn', async () => {
  class Answer extends CustomCheck {
    readonly ok: boolean;
    constructor(ok: boolean) {
      super();
      this.ok = ok;
    }
    async check() {
      return { ok: this.ok, message: this.ok ? 'as it should be' : 'the disk is nearly full' };
    }
  }
  const check = (ok: boolean, severity: 'fail' | 'warn') =>
    ({ kind: 'class', name: 'disk', severity, timeoutMs: 1_000, check: new Answer(ok) }) as const;
  await using f = await RunFixture.open();
  const warned = new FunctionStage('warned', async () => done(), {
    before: () => [check(false, 'warn')],
    after: () => [check(true, 'fail')],
  });
  const refused = new FunctionStage('refused', async () => done(), { before: () => [check(false, 'fail')] });
  const result = await f.execute([warned, refused], { tries: 1 });
  assert.equal(result.error?.code, 'CHECK_FAILED');
  assert.match(result.error?.message ?? '', /the disk is nearly full/);
  assert.equal(refused.calls, 0);
  assert.deepEqual(await f.states(), ['failed', 'warned done', 'refused failed']);
  assert.equal(f.events.filter((e) => e.type === 'check-ended').length, 3);
});

test('a stage waits for a lease that another holds, keeps it while it works and gives it back', async () => {
  await using f = await RunFixture.open();
  const key = 'publish/full-dump/frwiki';
  const guard = await f.store.acquireLease({ key, holder: f.holder, leaseMs: 30_000 });
  const stage = new FunctionStage('publish', (context) =>
    context.withLease(key, async (lease) => {
      assert.equal((await f.store.readLease({ key }))?.token, lease.token);
      return done();
    }),
  );
  const running = f.execute([stage]);
  for (let i = 0; i < 3; i++) await f.clock.advance(1_000);
  await f.store.releaseLease({ guard });
  let state: string | undefined;
  running.then(({ run }) => {
    state = run.state;
  });
  while (state === undefined) await f.clock.advance(1_000);
  assert.equal(state, 'done');
  assert.equal(await f.store.readLease({ key }), undefined);
});

test('pieces run side by side, are kept over a failure and are not repeated', async () => {
  await using f = await RunFixture.open();
  class Text extends Stage<null> {
    readonly name = 'text';
    readonly deadlineMs = 3_600_000;
    override readonly pieceConcurrency = 2;
    override readonly retries = { tries: 2, backoffMs: 0 };
    readonly tried: string[] = [];
    atOnce = 0;
    most = 0;
    broken = true;
    async run(context: Parameters<Stage<null>['run']>[0]) {
      await context.pieces.define(['1', '2', '3'].map((id) => ({ id, weight: 1, data: { id } })));
      const pieces = await context.pieces.runAll();
      return done(pieces.map((piece) => piece.path));
    }
    override async runPiece(
      _: Parameters<Stage<null>['run']>[0],
      piece: Parameters<NonNullable<Stage<null>['runPiece']>>[1],
    ) {
      this.most = Math.max(this.most, ++this.atOnce);
      this.tried.push(piece.id);
      // The first waits for the second to be claimed, however busy the machine is; in vain if pieces ran one by one.
      for (let turn = 0; turn < 20_000 && this.most < 2; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      this.atOnce--;
      assert.deepEqual(piece.data, { id: piece.id });
      assert.ok((await stat(piece.folder)).isDirectory());
      if (piece.id === '2' && piece.tryNumber === 1) throw lost();
      if (piece.id === '3' && this.broken) throw new Error('a fault');
      return { path: `${piece.folderName}/x`, sizeBytes: 1, sha256: 'ab' };
    }
  }
  const stage = new Text();
  const failed = await f.execute([stage]);
  assert.equal(failed.run.state, 'failed');
  assert.match(failed.error?.message ?? '', /Piece 3 of stage text failed unexpectedly: a fault/);
  assert.equal(stage.most, 2);
  stage.broken = false;
  stage.tried.length = 0;
  await f.store.resumeRun({ id: f.run, by: 'anna' });
  const again = await f.execute([stage]);
  assert.equal(again.run.state, 'done');
  assert.ok(!stage.tried.includes('1'));
  const paths = (await f.store.readRun({ id: f.run }))?.stages[0]?.summary as string[];
  assert.deepEqual(
    paths.map((path) => /^p(\d)\.1\.\d+-[0-9a-f]{8}\/x$/.exec(path)?.[1]),
    ['1', '2', '3'],
  );
});
