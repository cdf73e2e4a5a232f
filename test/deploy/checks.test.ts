import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';

const canaryFirst = [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }];

suite('checks and parts of the site’s own', { skip: requires('git') }, () => {
  test('a log that fills with errors after the switch takes the canary back; one too quiet to tell is only told', async () => {
    await using folder = await temporaryFolder('log');
    const check = {
      groups: canaryFirst,
      checks: [
        { name: 'errors', log: { file: '/php.log', pattern: 'PHP (Fatal|Parse)', window: '1s', minimum: 5 } },
      ],
    };
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), check);
    await farm.write('index.php', 'one');
    const quiet = await farm.rota('push');
    assert.equal(quiet.status, 0, quiet.stderr);
    assert.match(quiet.stderr, /a check cannot tell .*not enough traffic: 0 lines/);
    // After its restart the code says something bad, again and again: so often that a slow machine has enough of it, too.
    const many = 'PHP Fatal error: new\\n'.repeat(20);
    const noisy = `(i=0; while [ $i -lt 100 ]; do printf '${many}' >>"\${ROTA_PATH%/srv/wiki}/php.log"; i=$((i+1)); sleep 0.1; done) >/dev/null 2>&1 &`;
    await farm.configure({ ...check, restart: { command: `[ "$(cat index.php)" != two ] || { ${noisy} }` } });
    await farm.write('index.php', 'two');
    const bad = await farm.rota('push');
    assert.equal(bad.status, 1);
    assert.match(bad.stderr, /DEPLOY_ROLLED_BACK: check errors on h1: \d+ lines like "PHP \(Fatal\|Parse\)"/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
  });

  test('a metric above its limit takes the canary back', async () => {
    await using folder = await temporaryFolder('metric');
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
      asked.push(query);
      const value = query === 'errors{host="h1"}' ? '7' : '1';
      response.end(
        JSON.stringify({
          status: 'success',
          data: { resultType: 'vector', result: [{ value: [0, value] }] },
        }),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using _server = { [Symbol.asyncDispose]: async () => void server.close() };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const metric = { url, query: 'errors{host="{host}"}', max: 5, window: '1ms' };
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), { groups: canaryFirst });
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.configure({ groups: canaryFirst, checks: [{ name: 'errors', metric }] });
    await farm.write('index.php', 'two');
    const bad = await farm.rota('push');
    assert.match(bad.stderr, /DEPLOY_ROLLED_BACK: check errors on h1: 7 is more than 5/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
    assert.ok(asked.includes('errors{host="h2"}'), 'hosts that were not switched are asked, too');
  });

  test('a check that fails just so on a host that was not switched takes nothing back', async () => {
    await using folder = await temporaryFolder('elsewhere');
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), { groups: canaryFirst });
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.configure({ groups: canaryFirst, checks: [{ name: 'database', command: 'exit 9' }] });
    await farm.write('index.php', 'two');
    const result = await farm.rota('push');
    assert.equal(result.status, 1);
    assert.match(result.stderr, /DEPLOY_FAILED: .*fails just so on h2, which was not switched/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one']);
  });

  test('onError says whether a check that cannot be asked is a failure or is only told', async () => {
    await using folder = await temporaryFolder('on-error');
    const metric = { url: 'http://127.0.0.1:1', query: 'errors', max: 5, window: '1ms' };
    const checks = [
      { name: 'gone', command: 'no-such-program-of-rota', onError: 'warn' },
      { name: 'gone here', command: 'no-such-program-of-rota', on: 'deployer', onError: 'warn' },
      { name: 'errors', metric },
    ];
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 1), { checks });
    await farm.write('index.php', 'one');
    const told = await farm.rota('push');
    assert.equal(told.status, 0, told.stderr);
    assert.match(told.stderr, /a check could not be asked .*check=?:? ?"?gone/);
    await farm.configure({ checks: [{ name: 'errors', metric, onError: 'fail' }] });
    await farm.write('index.php', 'two');
    const failed = await farm.rota('push');
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /DEPLOY_ROLLED_BACK: check errors on h1: could not be asked/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one']);
  });

  test('scripts, classes and a restart of the site’s own; a module that is none is refused by name', async () => {
    await using folder = await temporaryFolder('own');
    const told = folder.in('told');
    await writeFile(
      folder.in('check.sh'),
      `#!/bin/sh\necho "script $ROTA_HOST $(cat index.php)" >>'${told}'\n`,
    );
    await chmod(folder.in('check.sh'), 0o755);
    await writeFile(
      folder.in('check.mjs'),
      `import { appendFileSync } from 'node:fs';
export default (rota) => class extends rota.HostCheck {
  async check({ host, version }) {
    appendFileSync(${JSON.stringify(told)}, \`class \${host.name}\\n\`);
    return { ok: /^\\d{8}-\\d{4}$/.test(version), message: version };
  }
};\n`,
    );
    await writeFile(
      folder.in('restart.mjs'),
      `export default (rota) => class extends rota.stages.Restart {
  local({ host, path, version }) {
    return rota.onHost({ path, name: 'own restart', command: 'echo "restart $ROTA_HOST" >>"$0"'.replace('$0', ${JSON.stringify(told)}),
      host: host.name, version, deadlineMs: 60000, mutates: true });
  }
};\n`,
    );
    const environment = {
      groups: [{ name: 'all', batch: 2 }],
      checks: [
        { name: 'script', script: './check.sh', on: 'one-host' },
        { name: 'class', class: './check.mjs' },
      ],
      stages: { restart: './restart.mjs' },
    };
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), environment);
    await farm.write('index.php', 'one');
    const result = await farm.rota('push');
    assert.equal(result.status, 0, result.stderr);
    const lines = (await readFile(told, 'utf8')).trim().split('\n').sort();
    assert.deepEqual(lines, ['class h1', 'class h2', 'restart h1', 'restart h2', 'script h1 one']);
    await farm.configure({ ...environment, stages: { rollout: './restart.mjs' } });
    await appendFile(folder.in('check.sh'), '\n');
    const unfit = await farm.rota('push');
    assert.equal(unfit.status, 2);
    assert.match(unfit.stderr, /MODULE_UNFIT: .*restart\.mjs returns no class that extends RolloutStage/);
  });
});
