import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { atTerminal, gatedFarm, terminalMissing } from '../deploy/terminal-bed.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('what is answered after Ctrl-C', { skip: terminalMissing }, () => {
  /** A push at a terminal that was interrupted after its first host, and asks; from then on it would wait no more. */
  async function interrupted(folder: string) {
    const { farm, open, begun } = await gatedFarm(folder, { soak: '1h' });
    await open();
    const terminal = atTerminal(folder, 'push');
    await begun();
    terminal.type('\u0003');
    await terminal.shows(/\[c\]ontinue, \[r\]oll back/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', null]);
    await farm.configure({ groups: [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }] });
    return { farm, terminal };
  }

  test('continue: the other hosts follow, and the terminal sees the end', async () => {
    await using folder = await temporaryFolder('interrupted');
    const { farm, terminal } = await interrupted(folder.path);
    terminal.type('c\r');
    assert.equal(await terminal.ended, 0, terminal.shown);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
  });

  test('stop: it stays where it is until somebody resumes it', async () => {
    await using folder = await temporaryFolder('interrupted');
    const { farm, terminal } = await interrupted(folder.path);
    terminal.type('s\r');
    assert.equal(await terminal.ended, 130, terminal.shown);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', null]);
    const resumed = await farm.rota('deploy', 'resume');
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
  });

  test('no answer, the input being at its end: as stop', async () => {
    await using folder = await temporaryFolder('interrupted');
    const { farm, terminal } = await interrupted(folder.path);
    terminal.type('\u0004');
    await terminal.shows(/stopped: rota deploy resume prod goes on/);
    assert.equal(await terminal.ended, 130, terminal.shown);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', null]);
  });

  test('detach: it goes on without the terminal', async () => {
    await using folder = await temporaryFolder('interrupted');
    const { farm, terminal } = await interrupted(folder.path);
    terminal.type('d\r');
    await terminal.ended;
    const joined = await farm.rota('attach', 'prod');
    assert.equal(joined.status, 0, joined.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
  });
});
