import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { makeDeployFarm } from '../deploy/deploy-farm.ts';
import { brought, packBytes, relaySettings } from '../deploy/relay-bed.ts';
import { exists } from '../support/appears.ts';
import { requires } from '../support/requirements.ts';
import { startSshHosts } from '../support/ssh-hosts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('transfer by hosts to many hosts', { skip: requires('sshd') }, () => {
  test('this machine sends as often as the tree is wide, and nothing that opens hosts is left', async () => {
    await using folder = await temporaryFolder('relay');
    await using hosts = await startSshHosts(folder.in('net'), 12);
    const farm = await makeDeployFarm(folder.in('farm'), hosts, relaySettings(hosts));
    await farm.write('big', randomBytes(packBytes));
    const result = await farm.rota('push');
    assert.equal(result.status, 0, result.stderr);
    const steps = await brought(farm);
    assert.equal(steps.filter((step) => step.brought?.from === null).length, 2);
    assert.deepEqual(new Set(steps.map((step) => step.host)), new Set(hosts.names));
    assert.equal(steps.length, 12);
    for (const host of hosts.names) assert.equal(await exists(hosts.relayKeysOf(host)), false);
    const cost = await farm.rota('deploy', 'log', '--cost', '--stage', 'transfer');
    assert.match(cost.stdout.toString(), /fetch +10 .*[kM]i?B/);
  });
});
