import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { killAt } from '../deploy/kill-at.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('a deploy host that is lost in the middle of a deployment', { skip: requires('git') }, () => {
  for (const [command, expected] of [
    ['catch-up', 'three'],
    ['rollback', 'two'],
  ] as const) {
    test(`another one adopts what hosts know of it: ${command} makes all serve ${expected}`, async () => {
      await using folder = await temporaryFolder('heir');
      const hosts = localHosts(folder.in('net'), 3);
      const groups = { groups: [{ name: 'canary', hosts: ['h1'] }, { name: 'rest' }] };
      const old = await makeDeployFarm(folder.in('old'), hosts, groups);
      for (const text of ['one', 'two']) {
        await old.write('index.php', text);
        const result = await old.rota('push');
        assert.equal(result.status, 0, result.stderr);
      }
      await old.write('index.php', 'three');
      await killAt(old, 'rollout-rest');
      await rm(folder.in('old'), { recursive: true });
      const heir = await makeDeployFarm(folder.in('heir'), hosts, groups);
      assert.deepEqual(await heir.servedByAll('index.php'), ['three', 'two', 'two']);
      const adopted = await heir.rota('deploy', 'adopt', '--reason', 'burnt down');
      assert.equal(adopted.status, 0, adopted.stderr);
      assert.match(adopted.stderr, /was under way: rota deploy catch-up finishes it/);
      const result = await heir.rota('deploy', command);
      assert.equal(result.status, 0, result.stderr);
      assert.deepEqual(await heir.servedByAll('index.php'), Array(3).fill(expected));
      const next = await heir.rota('deploy', 'status');
      assert.equal(next.status, 0, next.stdout.toString());
    });
  }
});
