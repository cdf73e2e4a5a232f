import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { exists } from '../support/appears.ts';
import { findProgram, requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';

const entry = resolve(import.meta.dirname, '../../bin/rota.mjs');
const skip =
  requires('git') ||
  (findProgram('script') === undefined ? 'needs script (apt-get install bsdutils)' : false);

/** A command at a terminal of its own, which ends when the terminal is closed. */
function atTerminal(folder: string, ...args: readonly string[]) {
  const words = [process.execPath, entry, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn(findProgram('script') ?? 'script', ['-qefc', words, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return {
    child,
    type: (text: string) => child.stdin.write(text),
    shows: async (pattern: RegExp) => {
      await until(
        async () => pattern.test(shown),
        () => `${pattern} in ${JSON.stringify(shown)}`,
      );
    },
    ended: once(child, 'exit').then(([code]) => code as number | null),
  };
}

/** A farm of two groups whose first waits in its restart until `gate` is there. */
async function gatedFarm(folder: string, more: object = {}) {
  const [begun, gate] = [`${folder}/begun`, `${folder}/gate`];
  const command = `: >'${begun}'; while [ ! -e '${gate}' ]; do sleep 0.05; done`;
  const groups = [{ name: 'canary', hosts: ['h1'], ...more }, { name: 'all' }];
  const farm = await makeDeployFarm(folder, localHosts(folder, 2), { groups, restart: { command } });
  await farm.write('index.php', 'one');
  return {
    farm,
    open: () => writeFile(gate, ''),
    begun: () =>
      until(
        () => exists(begun),
        () => begun,
      ),
  };
}

suite('deployments at a terminal', { skip }, () => {
  test('closing the terminal changes nothing, and others join', async () => {
    await using folder = await temporaryFolder('terminal');
    const { farm, open, begun } = await gatedFarm(folder.path);
    const terminal = atTerminal(folder.path, 'push');
    await begun();
    const joined = farm.start('attach', 'prod');
    // The end of what holds the terminal: the kernel hangs up on everybody in it.
    terminal.child.kill('SIGKILL');
    await terminal.ended;
    await open();
    const result = await joined;
    assert.equal(result.exitCode, 0, Buffer.from(result.stderr ?? []).toString());
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
  });

  test('Ctrl-C begins no new host and asks: roll back', async () => {
    await using folder = await temporaryFolder('terminal');
    const { farm, open, begun } = await gatedFarm(folder.path);
    await open();
    assert.equal((await farm.rota('push')).status, 0);
    await farm.configure({
      groups: [{ name: 'canary', hosts: ['h1'], soak: '1h' }, { name: 'all' }],
      restart: { command: `: >'${folder.in('two')}'` },
    });
    await farm.write('index.php', 'two');
    const terminal = atTerminal(folder.path, 'push');
    await until(
      () => exists(folder.in('two')),
      () => 'restart',
    );
    await begun();
    assert.equal(await farm.served('h1', 'index.php'), 'two');
    terminal.type('\u0003');
    await terminal.shows(/\[c\]ontinue, \[r\]oll back/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one']);
    terminal.type('r\r');
    await terminal.shows(/deploy\/prod\/\d{8}-0003 done/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
  });

  test('a group after which a person is asked is refused where nobody can be; left alone it waits to be promoted', async () => {
    await using folder = await temporaryFolder('ask');
    const { farm, open } = await gatedFarm(folder.path, { pause: 'ask' });
    await open();
    const refused = await farm.rota('push');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /After group canary a person is asked .* give --yes/);
    const terminal = atTerminal(folder.path, 'push');
    await terminal.shows(/\[g\]o on, \[r\]oll back/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', null]);
    terminal.type('h\r');
    await terminal.ended;
    const promoted = await farm.rota('deploy', 'promote');
    assert.equal(promoted.status, 0, promoted.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
    await farm.write('index.php', 'two');
    assert.equal((await farm.rota('push', '--to', 'canary', '--yes')).status, 0);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one']);
    await farm.write('index.php', 'three, which nobody has tried');
    const detached = await farm.rota('deploy', 'promote', '--yes', '--detach');
    assert.equal(detached.status, 0, detached.stderr);
    assert.equal((await farm.rota('attach', 'prod')).status, 0);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two']);
  });
});

async function until(isSo: () => Promise<boolean>, what: () => string): Promise<void> {
  for (const endAt = Date.now() + 120_000; Date.now() < endAt; await pause(20)) if (await isSo()) return;
  throw new Error(`waited in vain for ${what()}`);
}
