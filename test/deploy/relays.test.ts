import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { appears, exists } from '../support/appears.ts';
import { findProgram, requires } from '../support/requirements.ts';
import { startSshHosts } from '../support/ssh-hosts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { makeDeployFarm } from './deploy-farm.ts';
import { brought, packBytes, relaySettings } from './relay-bed.ts';

suite('transfer by hosts to hosts', { skip: requires('sshd') }, () => {
  test('a host that dies while it serves is routed around', async () => {
    await using folder = await temporaryFolder('relay-dies');
    const bin = folder.in('bin');
    const dying = folder.in('dying');
    // Half of the file, then nothing more: the host is killed while its child waits for the rest.
    const cat = `#!${findProgram('sh')}
case \${1-} in *.pack) echo >'${dying}'; head -c 1000 "$1"; exec sleep 600 ;; esac
exec ${findProgram('cat')} "$@"
`;
    await mkdir(bin);
    await writeFile(join(bin, 'cat'), cat);
    await chmod(join(bin, 'cat'), 0o755);
    const env = (host: string): Record<string, string> =>
      host === 'h1' ? { PATH: `${bin}:${process.env.PATH}` } : {};
    await using hosts = await startSshHosts(folder.in('net'), 4, { env });
    const farm = await makeDeployFarm(folder.in('farm'), hosts, relaySettings(hosts, { width: 1 }));
    await farm.write('big', randomBytes(packBytes));
    const push = farm.start('push');
    await appears(dying);
    hosts.kill('h1');
    const result = await push;
    assert.equal(result.exitCode, 3, result.stderr?.toString());
    assert.deepEqual(
      await Promise.all(['h2', 'h3', 'h4'].map((host) => exists(join(hosts.folderOf(host), 'big')))),
      [true, true, true],
    );
    const steps = await brought(farm);
    assert.ok(steps.every((step) => step.brought?.from !== 'h1'));
    // Once for the host that died, once more for its child, which then serves the others.
    assert.equal(steps.filter((step) => step.brought?.from === null).length, 2);
    for (const host of ['h2', 'h3', 'h4']) assert.equal(await exists(hosts.relayKeysOf(host)), false);
    await hosts.start('h1');
    const late = await farm.rota('deploy', 'catch-up');
    assert.equal(late.status, 0, late.stderr);
    const bytes = (host: string) => readFile(join(hosts.folderOf(host), 'big'));
    assert.deepEqual(await bytes('h1'), await bytes('h2'));
  });
});
