import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { atTerminal, gatedFarm, terminalMissing } from '../deploy/terminal-bed.ts';
import { appears } from '../support/appears.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('deployments at a terminal', { skip: terminalMissing }, () => {
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
    await appears(folder.in('two'));
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
