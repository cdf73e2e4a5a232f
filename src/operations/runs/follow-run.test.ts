import assert from 'node:assert/strict';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunEvent } from '../../control/run-event.ts';
import { done } from '../../control/stage.ts';
import type { RunDetails } from '../../control/store/run-view.ts';
import { aborted, FunctionStage, RunFixture } from '../../control/testing/run-fixture.ts';
import { systemClock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { LogReader } from '../worker/log-reader.ts';
import { exitOfRun } from './exit-of-run.ts';
import { followRun } from './follow-run.ts';

async function details(f: RunFixture): Promise<RunDetails> {
  const run = await f.store.readRun({ id: f.run });
  assert.ok(run);
  return run;
}

function follow(f: RunFixture, run: RunDetails, signal = new AbortController().signal) {
  // The run's clock stands still; who watches looks by a clock of their own.
  const p = { store: f.store, clock: systemClock, run, signal, everyMs: 1 };
  return followRun({ ...p, newLogLines: async () => [] });
}

function told(event: RunEvent): string {
  if (event.type === 'progress') return `${event.stage} ${event.progress.done}`;
  if (event.type === 'run-ended') return `run ${event.view.state}`;
  return 'stage' in event ? `${event.stage} ${event.type}` : event.type;
}

test('several watch a run to its end, from the middle on', async () => {
  await using f = await RunFixture.open();
  const [begun, seen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = new FunctionStage('first', async () => done());
  const second = new FunctionStage('second', async (context) => {
    context.progress({ done: 7, total: 10, unit: 'pages' });
    begun.resolve();
    await seen.promise;
    return done();
  });
  const running = f.execute([first, second]);
  await begun.promise;
  const run = await details(f);
  const watch = async () => {
    const lines: string[] = [];
    for await (const event of follow(f, run)) {
      lines.push(told(event));
      if (event.type === 'progress') seen.resolve();
    }
    return lines;
  };
  const watched = await Promise.all([watch(), watch()]);
  await running;
  for (const lines of watched) {
    assert.deepEqual(lines.slice(0, 3), ['run-started', 'first stage-kept', 'second stage-started']);
    assert.ok(lines.includes('second 7'), lines.join('\n'));
    assert.deepEqual(lines.slice(-2), ['second stage-ended', 'run done']);
  }
});

test('watching ends when nothing more happens by itself, and when the watcher leaves', async () => {
  await using f = await RunFixture.open();
  const leaving = new AbortController();
  for await (const event of follow(f, await details(f), leaving.signal)) {
    assert.equal(event.type, 'run-started', 'it waits: there is nothing to tell');
    leaving.abort();
  }
  await f.store.requestRun({ id: f.run, request: 'hold', by: 'anna' });
  const lines: string[] = [];
  for await (const event of follow(f, await details(f))) lines.push(told(event));
  assert.deepEqual(lines, ['run-started', 'run held']);
});

test('a failure is told with its stage, and its exit status is that of its code', async () => {
  await using f = await RunFixture.open();
  const started = Promise.withResolvers<void>();
  const go = new AbortController();
  const fails = new FunctionStage('fails', async () => {
    started.resolve();
    await aborted(go.signal);
    throw new RotaError('WIKI_UNKNOWN', 'no such wiki');
  });
  const running = f.execute([fails]);
  await started.promise;
  const events: RunEvent[] = [];
  const run = await details(f);
  go.abort();
  for await (const event of follow(f, run)) events.push(event);
  const { run: ended, exit } = await running;
  assert.ok(events.some((event) => event.type === 'stage-ended' && event.error?.code === 'WIKI_UNKNOWN'));
  assert.equal(exitOfRun(ended), exit);
  assert.equal(exitOfRun({ state: 'failed', error: { code: 'OF_A_LATER_VERSION', message: '' } }), 1);
  assert.equal(exitOfRun({ state: 'paused' }), 130);
  assert.equal(exitOfRun({ state: 'done' }), 0);
  assert.equal(exitOfRun({ state: 'done-with-errors' }), 3);
});

test('a log is read from where it ended, by whole lines, and anew in another epoch', async () => {
  await using f = await RunFixture.open();
  const workspaceOf = (run: { readonly epoch: number }) => join(f.folder, `log${run.epoch}`);
  const reader = new LogReader({ workspaceOf });
  const run = await details(f);
  const file = join(workspaceOf(run), 'run.log');
  await mkdir(workspaceOf(run));
  await appendFile(file, 'old\n');
  assert.deepEqual(await reader.newLines(run), []);
  await appendFile(file, 'a\nb\nhal');
  assert.deepEqual(await reader.newLines(run), ['a', 'b']);
  assert.deepEqual(await reader.newLines(run), []);
  await appendFile(file, 'f\n');
  assert.deepEqual(await reader.newLines(run), ['half']);
  const next = { ...run, epoch: 2 };
  assert.deepEqual(await reader.newLines(next), [], 'there is none yet');
  await mkdir(workspaceOf(next));
  await appendFile(join(workspaceOf(next), 'run.log'), 'new\n');
  assert.deepEqual(await reader.newLines(next), ['new']);
});
