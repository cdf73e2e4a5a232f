import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { type DeployFarm, localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { appears } from '../support/appears.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('a deployment that waits for its turn (--wait)', { skip: requires('git') }, () => {
  test('says who has locked the environment, why and since when; goes on when it is unlocked; Ctrl-C ends the waiting', async () => {
    await using folder = await temporaryFolder('turns');
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 1));
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('deploy', 'lock', '--reason', 'the switch is rewired')).status, 0);
    assert.equal((await farm.rota('push')).status, 75);
    const given = farm.start('push', '--wait');
    const [waiting] = await saying(given, /waiting: prod is locked by .* \(for .*\): the switch is rewired/);
    const stopped = farm.start('push', '--wait');
    await saying(stopped, /waiting: prod is locked/);
    stopped.kill('SIGINT');
    assert.equal((await stopped).exitCode, 130);
    assert.deepEqual(await farm.servedByAll('index.php'), [null]);
    assert.equal((await farm.rota('deploy', 'unlock')).status, 0);
    const result = await given;
    assert.equal(result.exitCode, 0, String(result.stderr));
    assert.deepEqual(await farm.servedByAll('index.php'), ['one']);
    assert.ok(waiting);
  });

  test('two that wait for a third are done one after the other, and nobody’s deployment is taken away', async () => {
    await using folder = await temporaryFolder('turns');
    const gate = folder.in('gate');
    const command = `: >'${folder.in('begun')}'; while [ ! -e '${gate}' ]; do sleep 0.05; done`;
    const farm = await makeDeployFarm(
      folder.path,
      localHosts(folder.path, 1),
      { restart: { command, timeout: '300s' }, deadline: '300s' },
      // Nobody is killed here, and nobody may seem to be on a busy machine.
      { duration: '60s', renewEvery: '10s' },
    );
    await farm.write('index.php', 'one');
    const first = farm.start('push');
    await appears(folder.in('begun'));
    const others = [1, 2].map(() => farm.start('push', '--wait', '-m', 'after you'));
    // Both are listened to at once: who is heard second may have said it first.
    await Promise.all(
      others.map((other) => saying(other, /waiting: deploy\/prod\/\S+ is being worked on by process/)),
    );
    await farm.write('index.php', 'two');
    await writeFile(gate, '');
    for (const one of [first, ...others]) {
      const { exitCode, stderr } = await one;
      assert.equal(exitCode, 0, String(stderr));
    }
    assert.deepEqual(await farm.servedByAll('index.php'), ['two']);
    const history = await farm.rota('deploy', 'history', '--json');
    const states = history.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).state);
    assert.deepEqual(states, ['done', 'done', 'done']);
  });
});

/** What a command says on its standard error, as soon as it is that. */
async function saying(child: ReturnType<DeployFarm['start']>, wanted: RegExp): Promise<RegExpExecArray> {
  let said = '';
  assert.ok(child.stderr !== null);
  return await new Promise((resolve, reject) => {
    const give = setTimeout(() => reject(new Error(`it said ${said}`)), 120_000);
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = wanted.exec(said);
      if (found === null) return;
      clearTimeout(give);
      resolve(found);
    });
    child.then(() => reject(new Error(`it ended and said ${said}`)), reject);
  });
}
