import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type DeployFarm, localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { type PhpHost, startPhpHosts } from '../support/php-hosts.ts';
import { program, requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Takes a while between its parts, so that a switch in between would show. */
const page = `<?php
header('Connection: close');
$first = require __DIR__ . '/first.php';
usleep(20000);
$second = require __DIR__ . '/second.php';
$version = json_decode(file_get_contents(__DIR__ . '/VERSION.json'), true);
echo json_encode([$first, $second, $version['assets']]);
`;

suite('php-fpm with an opcache that never looks', { skip: requires('git', 'php-fpm') }, () => {
  test('under load through a deployment and back: no request fails, none is mixed, static files are everywhere', async () => {
    await using folder = await temporaryFolder('php');
    const targets = localHosts(folder.path, 2);
    await using php = await startPhpHosts(folder.in('php'), targets);
    const [one, two] = php.hosts;
    assert.ok(one !== undefined && two !== undefined);
    const reload = php.hosts
      .map(({ name, pidFile }) => `${name}) kill -s USR2 "$(cat '${pidFile}')" ;;`)
      .join('\n');
    // Addresses have the host's name, and only a port tells these hosts apart.
    const command = `case $ROTA_HOST in\n${reload}\nesac`;
    const environment = {
      kind: 'mediawiki',
      groups: [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }],
      php: { strategy: 'reload', command },
      assets: { paths: ['static'] },
      checks: php.hosts.map(({ url }, i) => ({
        name: `new code on ${url}`,
        groups: [i === 0 ? 'canary' : 'all'],
        url: `${url}/version.php`,
        contains: '{version}',
        tries: 60,
      })),
    };
    const farm = await makeDeployFarm(folder.path, targets, environment);
    await farm.write('index.php', page);
    await farm.write('version.php', "<?php readfile(__DIR__ . '/VERSION.json');");
    await release(farm, 'one');
    const first = await farm.rota('push');
    assert.equal(first.status, 0, first.stderr);
    const load = new Load(php.hosts);
    await load.sees('one');
    await release(farm, 'two');
    const second = await farm.rota('push');
    assert.equal(second.status, 0, second.stderr);
    await load.sees('two');
    const back = await farm.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    await load.sees('one');
    const { requests, faults } = await load.end();
    assert.deepEqual(faults, []);
    assert.ok(requests > 100, `${requests} requests`);

    // What the doctor says of the same php-fpm, for other strategies.
    const fpm = {
      fpm: basename(program('php-fpm8.2', 'php-fpm8.4', 'php-fpm')),
      fpmConfig: join(folder.in('php'), 'h1.fpm'),
    };
    const doctor = async (php: Readonly<Record<string, unknown>>) => {
      await farm.configure({ ...environment, php: { ...fpm, ...php } });
      const { stdout } = await farm.rota('doctor', '--json');
      return stdout
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter(({ area, level }) => area === 'environment prod' && level !== 'ok')
        .map(({ level, what }) => `${level} ${what}`);
    };
    assert.deepEqual(await doctor({ strategy: 'reload', command, versionUrl: `${one.url}/version.php` }), []);
    assert.deepEqual(await doctor({ strategy: 'none' }), [
      'fault h1 and 1 more: php.strategy none: opcache.validate_timestamps is off, and nothing shows that workers run the new code',
    ]);
    assert.deepEqual(await doctor({ strategy: 'reload', command, versionUrl: `${one.url}/none.php` }), [
      'fault h1 and 1 more: php.versionUrl does not name the version that is served, so no deployment would come to its end',
    ]);
  });
});

async function release(farm: DeployFarm, name: string): Promise<void> {
  await farm.write('first.php', `<?php return '${name}';`);
  await farm.write('second.php', `<?php return '${name}';`);
  await farm.write('static/app.js', name);
}

/** Asks all hosts without a pause; a page's static file is asked of the next host, as behind a load balancer. */
class Load {
  readonly #hosts: readonly PhpHost[];
  readonly #faults: string[] = [];
  readonly #last = new Map<string, string>();
  readonly #loops: Promise<void>[];
  #requests = 0;
  #going = true;

  constructor(hosts: readonly PhpHost[]) {
    this.#hosts = hosts;
    this.#loops = hosts.flatMap((_, i) => [this.#loop(i), this.#loop(i)]);
  }

  /** Waits until every host answers with a version; after that nobody may answer with another. */
  async sees(version: string): Promise<void> {
    for (const endAt = Date.now() + 60_000; Date.now() < endAt; await pause(20)) {
      if (this.#hosts.every((host) => this.#last.get(host.name) === version)) return;
    }
    throw new Error(`not every host answers ${version}: ${JSON.stringify([...this.#last])}`);
  }

  async end(): Promise<{ readonly requests: number; readonly faults: readonly string[] }> {
    this.#going = false;
    await Promise.all(this.#loops);
    return { requests: this.#requests, faults: this.#faults.slice(0, 5) };
  }

  async #loop(i: number): Promise<void> {
    const host = this.#hosts[i];
    const other = this.#hosts[(i + 1) % this.#hosts.length];
    while (this.#going && host !== undefined && other !== undefined) {
      this.#requests++;
      try {
        const response = await fetch(`${host.url}/index.php`);
        const text = await response.text();
        if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 200)}`);
        const [first, second, assets] = JSON.parse(text) as readonly string[];
        if (first === undefined || first !== second) throw new Error(`mixed: ${text}`);
        const asset = await fetch(`${other.url}/assets/${assets}/static/app.js`);
        const body = await asset.text();
        if (asset.status !== 200 || body !== first)
          throw new Error(`asset of ${text}: ${asset.status} ${body}`);
        this.#last.set(host.name, first);
      } catch (error) {
        this.#faults.push(`${host.name}: ${String(error)} ${String((error as Error).cause ?? '')}`);
        await pause(50);
      }
    }
  }
}
