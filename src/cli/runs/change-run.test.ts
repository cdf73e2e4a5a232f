import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '../../control/store/sqlite/open-sqlite-store.ts';
import { parseRunId } from '../../core/ids.ts';
import { ManualClock } from '../../core/manual-clock.ts';
import { type CommandResult, runRota } from '../testing.ts';

/** A farm without databases, with one run that waits of each subject. */
async function withFarm(
  subjects: readonly string[],
  body: (rota: (...args: readonly string[]) => Promise<CommandResult>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-change-'));
  try {
    await describe(folder, subjects);
    {
      await using store = await openSqliteStore({ file: join(folder, 'rota.db'), clock: new ManualClock() });
      for (const subject of subjects)
        await store.createRun({ id: parseRunId(`full-dump/${subject}/20260101`).id });
    }
    await body((...args) => runRota(args, { cwd: folder }), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function describe(folder: string, wikis: readonly string[]): Promise<void> {
  const lines = wikis.map((name) => `  ${name}: { database: "sqlite:./x", siteinfo: ./x.xml }`);
  const text = ['output: { public: ./public, private: ./private }', 'wikis:', ...lines, ''].join('\n');
  await writeFile(join(folder, 'rota.yaml'), text);
}

test('a dry run refuses what the command itself would refuse, and changes nothing', async () => {
  await withFarm(['frwiki'], async (rota) => {
    for (const args of [
      ['run', 'approve', 'frwiki'],
      ['run', 'reject', 'frwiki', '--set', 'history'],
      ['run', 'approve', 'frwiki', '--set', ','],
      ['run', 'retry', 'frwiki'],
    ]) {
      const [would, does] = [await rota(...args, '--dry-run'), await rota(...args)];
      assert.notEqual(does.status, 0, args.join(' '));
      assert.deepEqual(would, does, args.join(' '));
    }
    assert.equal((await rota('run', 'cancel', 'frwiki', '--dry-run')).status, 0);
    assert.equal((await rota('run', 'cancel', 'frwiki')).status, 0);
    for (const args of [
      ['run', 'cancel', 'frwiki'],
      ['run', 'hold', 'frwiki'],
      ['run', 'pause', 'frwiki'],
      ['pause', 'full-dump/frwiki/20260101'],
    ]) {
      const [would, does] = [await rota(...args, '--dry-run'), await rota(...args)];
      assert.equal(does.status, 1, args.join(' '));
      assert.deepEqual(would, does, args.join(' '));
    }
  });
});

test('a pause can be lifted, and runs be listed, of a subject that has left rota.yaml', async () => {
  await withFarm(['frwiki', 'dewiki'], async (rota, folder) => {
    assert.equal((await rota('pause', 'dewiki')).status, 0);
    await describe(folder, ['frwiki']);
    assert.match((await rota('run', 'list', '--subject', 'dewiki')).stdout, /full-dump\/dewiki\/20260101/);
    assert.equal((await rota('run', 'list', '--subject', 'dewikii')).status, 2);
    assert.equal((await rota('pause', 'dewiki')).status, 2, 'what is not there cannot be paused');
    const lifted = await rota('resume', 'dewiki');
    assert.equal(lifted.status, 0, lifted.stderr);
    assert.match(lifted.stdout, /^subject\/dewiki goes on/);
    assert.equal((await rota('resume', 'dewiki')).status, 2);
  });
});

test('resuming what nobody stopped is refused, also for exit', async () => {
  await withFarm(['frwiki'], async (rota) => {
    for (const scope of ['all', 'maintenance', 'frwiki', 'full-dump', 'exit']) {
      assert.equal((await rota('resume', scope)).status, 1, scope);
      assert.equal((await rota('pause', scope)).status, 0, scope);
      assert.equal((await rota('resume', scope)).status, 0, scope);
    }
  });
});

test('a worker for no job at all is refused, not left to claim nothing', async () => {
  for (const jobs of ['', ',']) {
    const { status, stderr } = await runRota(['worker', '--once', '--jobs', jobs]);
    assert.equal(status, 2);
    assert.match(stderr, /--jobs .* it names nothing/);
  }
});
