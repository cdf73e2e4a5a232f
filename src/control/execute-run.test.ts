import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';
import { isRotaError, RotaError } from '../core/errors/rota-error.ts';
import { exitStatus } from '../core/exit-status.ts';
import { done, doneWithErrors, held, skipped } from './stage.ts';
import { aborted, FunctionStage, RunFixture } from './testing/run-fixture.ts';

const lost = () => new RotaError('STORE_BUSY', 'the database went away');

/** In steps that leave time for renewals: a clock that jumps over a lease has lost it. */
async function advanceSlowly(f: RunFixture, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 5_000) await f.clock.advance(5_000);
}

test('stages run in order, see earlier summaries, and the run is done', async () => {
  await using f = await RunFixture.open();
  const seen: unknown[] = [];
  const result = await f.execute([
    new FunctionStage('spool', async () => done({ pages: 3 })),
    new FunctionStage('articles', async (context) => {
      seen.push(await context.summaryOf('spool'), await context.summaryOf('nothing'));
      assert.equal((await stat(context.workspace)).mode & 0o777, 0o700);
      await context.assertCurrent();
      await context.commitPointer('published/frwiki', { date: '20260101' });
      seen.push(await context.readPointer('published/frwiki'));
      context.progress({ done: 1, total: 1, unit: 'pages' });
      return done();
    }),
  ]);
  assert.deepEqual(seen, [{ pages: 3 }, undefined, { date: '20260101' }]);
  assert.equal(result.exit, exitStatus.done);
  assert.deepEqual(await f.states(), ['done', 'spool done', 'articles done']);
  assert.deepEqual(
    f.events.map((e) => e.type),
    ['run-started', 'stage-started', 'stage-ended', 'stage-started', 'progress', 'stage-ended', 'run-ended'],
  );
});

test('outcomes make the run: errors, nothing to do, held', async () => {
  const cases = [
    [[done(), doneWithErrors('3 texts failed')], 'done-with-errors', exitStatus.doneWithErrors],
    [[skipped('no changes'), skipped('no changes')], 'skipped', exitStatus.nothingToDo],
    [[done(), skipped('not wanted')], 'done', exitStatus.done],
    [[done(), held('shrunk by 9 %')], 'held', exitStatus.failed],
  ] as const;
  for (const [outcomes, state, exit] of cases) {
    await using f = await RunFixture.open();
    const result = await f.execute(outcomes.map((o, i) => new FunctionStage(`s${i}`, async () => o)));
    assert.equal(result.run.state, state);
    assert.equal(result.exit, exit);
  }
});

test('a retryable failure is tried again after a growing wait, a final one is not', async () => {
  await using f = await RunFixture.open();
  const waits: number[] = [];
  const flaky = new FunctionStage(
    'flaky',
    async (_, tryNumber) => {
      if (tryNumber < 3) throw lost();
      return done();
    },
    { retries: { tries: 3, backoffMs: 1_000 } },
  );
  const broken = new FunctionStage(
    'broken',
    async () => {
      throw new Error('a fault');
    },
    { retries: { tries: 3, backoffMs: 1_000 } },
  );
  const result = await f.execute(
    [flaky, broken],
    {},
    {
      onEvent: (event) => {
        if (event.type !== 'stage-retrying') return;
        waits.push(event.retryAt.getTime() - event.at.getTime());
        setImmediate(() => f.clock.advance(waits.at(-1) ?? 0));
      },
    },
  );
  assert.deepEqual(waits, [1_000, 2_000]);
  assert.equal(flaky.calls, 3);
  assert.equal(broken.calls, 1);
  assert.equal(result.run.state, 'failed');
  assert.equal(result.error?.code, 'INTERNAL');
  assert.deepEqual(await f.states(), ['failed', 'flaky done', 'broken failed']);
});

test('a run whose failure may pass is tried again later, and fails when its tries are used up', async () => {
  await using f = await RunFixture.open();
  const stage = new FunctionStage('s', async () => {
    throw lost();
  });
  const waits: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { run } = await f.execute([stage], { tries: 4 });
    assert.equal(run.state, 'retrying');
    const wait = (run.retryAt?.getTime() ?? 0) - f.clock.now().getTime();
    waits.push(wait / 60_000);
    await assert.rejects(f.execute([stage]), (e) => isRotaError(e, 'RUN_WAITS'));
    await f.clock.advance(wait);
  }
  assert.deepEqual(waits, [10, 40, 160]);
  assert.equal((await f.execute([stage], { tries: 4 })).run.state, 'failed');
});

test('a failed run resumes from its first unfinished stage', async () => {
  await using f = await RunFixture.open();
  const first = new FunctionStage('first', async () => done());
  const second = new FunctionStage('second', async (_, tryNumber) => {
    if (tryNumber === 1) throw new Error('a fault');
    return done();
  });
  await f.execute([first, second]);
  await f.store.resumeRun({ id: f.run, by: 'anna' });
  assert.equal((await f.execute([first, second])).run.state, 'done');
  assert.equal(first.calls, 1);
  assert.equal(second.calls, 2);
  await f.store.restartRun({ id: f.run, by: 'anna' });
  await f.execute([first, second]);
  assert.equal(first.calls, 2);
});

test('after a failure only stages go on that do not need what failed, and the others say what they wait for', async () => {
  await using f = await RunFixture.open();
  const fails = new FunctionStage('history', async () => {
    throw new Error('a fault');
  });
  const free = new FunctionStage('logs', async () => done(), { needs: [] });
  const bound = new FunctionStage('publish', async () => done(), { needs: ['history', 'logs'] });
  await f.execute([fails, free, bound]);
  assert.deepEqual(await f.states(), ['failed', 'history failed', 'logs done', 'publish waiting']);
  assert.equal((await f.store.readRun({ id: f.run }))?.stages[2]?.reason, 'needs history');
});

test('a stage whose need was never run is refused', async () => {
  await using f = await RunFixture.open();
  const result = await f.execute([new FunctionStage('publish', async () => done(), { needs: ['articles'] })]);
  assert.equal(result.error?.code, 'STAGE_NEED_UNMET');
  assert.equal(result.run.state, 'failed');
});

test('a stage that hangs meets its deadline', async () => {
  await using f = await RunFixture.open();
  let heeded: unknown;
  const hangs = new FunctionStage(
    'hangs',
    async ({ signal }) => {
      await aborted(signal);
      heeded = signal.reason;
      throw new Error('choked on the abort');
    },
    { deadlineMs: 60_000 },
  );
  const result = await f.execute(
    [hangs],
    { tries: 1 },
    {
      onEvent: (e) => void (e.type === 'stage-started' && advanceSlowly(f, 70_000)),
    },
  );
  assert.ok(isRotaError(heeded, 'STAGE_DEADLINE'));
  assert.equal(result.error?.code, 'STAGE_DEADLINE');
  assert.equal(result.run.state, 'failed');
});

test('a cancel and a pause are heeded within ten seconds, also by a stage that is deaf', async () => {
  for (const [request, state] of [
    ['cancel', 'cancelled'],
    ['pause', 'paused'],
  ] as const) {
    for (const deaf of [false, true]) {
      await using f = await RunFixture.open();
      const stage = new FunctionStage('s', async ({ signal }) => {
        await (deaf ? new Promise(() => {}) : aborted(signal));
        return done();
      });
      const started = Promise.withResolvers<void>();
      const running = f.execute(
        [stage],
        {},
        { onEvent: (e) => e.type === 'stage-started' && started.resolve() },
      );
      await started.promise;
      await f.store.requestRun({ id: f.run, request, by: 'anna' });
      let settled = false;
      running.finally(() => {
        settled = true;
      });
      let seconds = 0;
      for (; !settled && seconds < 60; seconds++) {
        await f.clock.advance(1_000);
        for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      }
      const { run } = await running;
      assert.equal(run.state, state);
      assert.ok(seconds <= (deaf ? 16 : 10), `${request} took ${seconds} s`);
      assert.deepEqual(await f.states(), [state, `s ${state}`]);
      await f.store.resumeRun({ id: f.run, by: 'anna' });
      assert.equal((await f.execute([new FunctionStage('s', async () => done())])).run.state, 'done');
    }
  }
});

test('SIGTERM lets the work in hand end, gives the run back, and the next worker goes on', async () => {
  await using f = await RunFixture.open();
  const first = new FunctionStage('first', async ({ stopping }) => {
    await aborted(stopping);
    return done();
  });
  const second = new FunctionStage('second', async () => done());
  const running = f.execute(
    [first, second],
    {},
    {
      onEvent: (e) => void (e.type === 'stage-started' && f.terminate.abort()),
    },
  );
  const { run, exit, error } = await running;
  assert.equal(run.state, 'waiting');
  assert.equal(exit, exitStatus.interrupted);
  assert.equal(error?.code, 'WORKER_STOPPING');
  assert.deepEqual(await f.states(), ['waiting', 'first done']);
  assert.equal(second.calls, 0);
  const next = await f.execute([first, second], {}, { signal: new AbortController().signal });
  assert.equal(next.run.state, 'done');
  assert.equal(first.calls, 1);
});

test('a worker that loses its lease stops, and nothing that it writes is accepted', async () => {
  await using f = await RunFixture.open();
  const stage = new FunctionStage('s', async (context) => {
    await f.store.newGeneration();
    await assert.rejects(context.assertCurrent(), (e) => isRotaError(e, 'LEASE_LOST'));
    await assert.rejects(context.commitPointer('p', 1), (e) => isRotaError(e, 'LEASE_LOST'));
    await f.clock.advance(10_000);
    await aborted(context.signal);
    assert.ok(isRotaError(context.signal.reason, 'LEASE_LOST'));
    return done();
  });
  const result = await f.execute([stage]);
  assert.equal(result.error?.code, 'LEASE_LOST');
  assert.equal(result.exit, exitStatus.failed);
  assert.equal(await f.store.readPointer({ key: 'p' }), undefined);
  assert.deepEqual((await f.store.sweep()).stopped, [f.run]);
});

test('held without a set holds the whole run; approved it runs again and is done', async () => {
  await using f = await RunFixture.open();
  const stage = new FunctionStage('publish', async (context) => {
    const approvals = await context.approvals();
    return approvals.get('*') === 'approved' ? done() : held('shrunk by 9 %');
  });
  const first = await f.execute([stage], { heldForMs: 86_400_000 });
  assert.equal(first.run.reason, 'shrunk by 9 %');
  assert.equal(first.run.heldUntil?.getTime(), f.clock.now().getTime() + 86_400_000);
  await f.store.decideHeld({ id: f.run, decision: 'approved', by: 'anna' });
  assert.equal((await f.execute([stage])).run.state, 'done');
});

test('a run that is held while it works keeps what it made, and goes on when it is approved', async () => {
  await using f = await RunFixture.open();
  const kept = new FunctionStage('kept', async () => done());
  const inHand = new FunctionStage('in-hand', async ({ stopping }, tryNumber) => {
    if (tryNumber > 1) return done();
    await f.store.requestRun({ id: f.run, request: 'hold', by: 'anna', reason: 'odd' });
    await f.clock.advance(2_000);
    await aborted(stopping);
    throw new Error('broken off');
  });
  const publish = new FunctionStage('publish', async () => done());
  const first = await f.execute([kept, inHand, publish]);
  assert.equal(first.error?.code, 'RUN_HELD');
  assert.equal(first.exit, exitStatus.failed);
  assert.equal(first.run.reason, 'held by anna: odd');
  assert.deepEqual(await f.states(), ['held', 'kept done', 'in-hand waiting']);
  await f.store.decideHeld({ id: f.run, decision: 'approved', by: 'anna' });
  assert.equal((await f.execute([kept, inHand, publish])).run.state, 'done');
  assert.deepEqual([kept.calls, inHand.calls, publish.calls], [1, 2, 1]);
});

test('a publication that meets a hold is no failure of its stage, though nobody has looked for requests yet', async () => {
  await using f = await RunFixture.open();
  const publish = new FunctionStage('publish', async (context, tryNumber) => {
    if (tryNumber === 1) await f.store.requestRun({ id: f.run, request: 'hold', by: 'anna' });
    await context.commitPointer('publication/x', 1);
    return done();
  });
  const { run, error } = await f.execute([publish]);
  assert.equal(error?.code, 'RUN_HELD');
  assert.equal(run.state, 'held');
  assert.equal(await f.store.readPointer({ key: 'publication/x' }), undefined);
  assert.equal((await f.store.readRun({ id: f.run }))?.stages[0]?.error, undefined);
  await f.store.decideHeld({ id: f.run, decision: 'approved', by: 'anna' });
  assert.equal((await f.execute([publish])).run.state, 'done');
  assert.equal(await f.store.readPointer({ key: 'publication/x' }), 1);
});
