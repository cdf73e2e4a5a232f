import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FarmFolder, outputYaml } from './testing/farm-folder.ts';

const head = `${outputYaml}wikis: {}\n`;

test('an environment with its defaults: one group of all hosts, whose first failure takes it back', async () => {
  using farm = new FarmFolder();
  const { config } = await farm.load(`${head}environments:
  prod:
    source: ./code
    path: /srv/mediawiki
    hosts: [mw1, deploy@mw2.example.org, 'local:./here', { name: mw4, address: deploy@10.0.0.4, root: /chroot }]
`);
  const prod = config.environments.get('prod');
  assert.deepEqual(prod?.hosts, [
    { name: 'mw1', address: { kind: 'ssh', destination: 'mw1' }, root: '' },
    { name: 'mw2.example.org', address: { kind: 'ssh', destination: 'deploy@mw2.example.org' }, root: '' },
    { name: 'here', address: { kind: 'local' }, root: join(config.folder, 'here') },
    { name: 'mw4', address: { kind: 'ssh', destination: 'deploy@10.0.0.4' }, root: '/chroot' },
  ]);
  assert.deepEqual(prod?.groups, [
    {
      name: 'all',
      hosts: ['mw1', 'mw2.example.org', 'here', 'mw4'],
      batch: 20,
      failureLimit: 0,
      onFailure: 'rollback',
      soakMs: 0,
      asks: false,
      pauseMs: 0,
    },
  ]);
  assert.equal(prod?.repository, join(config.folder, 'deploy/prod.git'));
});

test('hosts come from a file as dsh has it; one group has the rest, and limits may be shares', async () => {
  using farm = new FarmFolder();
  writeFileSync(join(farm.path, 'hosts'), '# canaries\nmw1\n\nmw2 # new\nmw3\nmw4\nmw5\n');
  const { config } = await farm.load(`${head}environments:
  prod:
    source: ./code
    path: /srv/mediawiki
    hostsFile: ./hosts
    groups: [{ name: canary, hosts: [mw2] }, { name: all, failureLimit: 50% }]
`);
  const groups = config.environments.get('prod')?.groups;
  assert.deepEqual(
    groups?.map(({ name, hosts, failureLimit }) => ({ name, hosts, failureLimit })),
    [
      { name: 'canary', hosts: ['mw2'], failureLimit: 0 },
      { name: 'all', hosts: ['mw1', 'mw3', 'mw4', 'mw5'], failureLimit: 2 },
    ],
  );
});

test('what cannot be deployed to is refused with its place', async () => {
  using farm = new FarmFolder();
  const faults = await farm.faults(`${head}environments:
  a b: { source: ./x, path: /x, hosts: [h] }
  one: { source: ./x, path: srv/wiki, hosts: ['-oProxyCommand=x'] }
`);
  assert.equal(faults.length, 3);
  assert.match(faults[0] ?? '', /environments\.a b: expected a name of letters, digits, "_" and "-"/);
  assert.match(faults[1] ?? '', /environments\.one\.path: expected an absolute path/);
  assert.match(faults[2] ?? '', /environments\.one\.hosts\[0\]: expected a host name/);
  const more = await farm.faults(`${head}environments:
  prod:
    source: ./x
    path: /srv/wiki
    hosts: [mw1, mw2, mw2]
    groups: [{ name: canary, hosts: [mw3] }]
    checks: [{ name: neither }]
`);
  assert.equal(more.length, 4);
  assert.match(more.join('\n'), /two hosts are called "mw2"/);
  assert.match(more.join('\n'), /there is no host "mw3"; did you mean "mw\d"\?/);
  assert.match(more.join('\n'), /mw1 is in no group/);
  assert.match(more.join('\n'), /a check has one of command, script, url, log, metric, class/);
});

test('what lies beside a version, and how it is switched, is refused where it cannot be', async () => {
  using farm = new FarmFolder();
  const faults = await farm.faults(`${head}environments:
  prod:
    source: ./x
    path: /srv/wiki
    hosts: [mw1]
    links: [{ path: images }]
    files: [{ path: logo.php, template: ./l }, { path: conf.php, template: ./c, mode: "4755" }]
    secrets: [{ path: ../keys, file: ./k }]
`);
  assert.equal(faults.length, 2, faults.join('\n'));
  assert.match(faults[0] ?? '', /files\[1\]\.mode: expected a mode such as "0644" \(no setuid, no setgid\)/);
  assert.match(faults[1] ?? '', /secrets\[0\]\.path: expected a path without \. and \.\./);
  const more = await farm.faults(`${head}environments:
  prod:
    source: ./x
    path: /srv/wiki
    hosts: [mw1]
    links: [{ path: images }]
    files: [{ path: images/logo.php, template: ./l }]
    php: { strategy: reset }
    restart: { command: "true" }
    checks: [{ name: load, metric: { url: "http://prom", query: load } }]
`);
  assert.match(more.join('\n'), /images\/logo\.php and images cannot both be there/);
  assert.match(more.join('\n'), /only an environment with kind: mediawiki has php/);
  assert.match(more.join('\n'), /php says how hosts are restarted; give one of both/);
  assert.match(more.join('\n'), /the strategy reset needs resetUrl/);
  assert.match(more.join('\n'), /a metric has max, factor or both/);
  assert.equal(more.length, 5, more.join('\n'));
});

test('hosts may come from a pool: it needs the etcd of pools, and one group that has the rest', async () => {
  using farm = new FarmFolder();
  const { config } = await farm.load(`${head}environments:
  prod:
    source: ./code
    path: /srv/mediawiki
    hosts: { pool: eqiad/appserver/apache2, address: 'deploy@{host}.example.org' }
    pools: { etcd: ['http://etcd1:2379'] }
    groups: [{ name: canary, hosts: [mw1] }, { name: all, failureLimit: 5% }]
`);
  const prod = config.environments.get('prod');
  assert.deepEqual(prod?.hosts, []);
  assert.equal(prod?.pools, null, 'hosts leave no pool');
  assert.deepEqual(prod?.hostPool?.pools, [{ dc: 'eqiad', cluster: 'appserver', service: 'apache2' }]);
  assert.deepEqual(
    prod?.groups.map(({ name, hosts }) => ({ name, hosts })),
    [
      { name: 'canary', hosts: [] },
      { name: 'all', hosts: [] },
    ],
  );
  const faults = await farm.faults(`${head}environments:
  one: { source: ./x, path: /x, hosts: { pool: eqiad/apache2 } }
  two: { source: ./x, path: /x, hosts: { pool: a/b/c, address: '-oProxyCommand={host}' } }
  three: { source: ./x, path: /x, hosts: { pol: a/b/c } }
`);
  assert.match(
    faults.join('\n'),
    /environments\.one\.hosts\.pool: expected a pool as <dc>\/<cluster>\/<service>/,
  );
  assert.match(faults.join('\n'), /environments\.two\.hosts\.address: expected a host name with \{host\}/);
  assert.match(faults.join('\n'), /environments\.three\.hosts\.pol: unknown key/);
  const more = await farm.faults(`${head}environments:
  one: { source: ./x, path: /x, hosts: { pool: a/b/c } }
  two:
    source: ./x
    path: /x
    hosts: { pool: a/b/c }
    pools: { etcd: ['http://etcd1:2379'] }
    groups: [{ name: canary, hosts: [mw1] }]
  three: { source: ./x, path: /x, hosts: [h], pools: { etcd: ['http://etcd1:2379'] }, notify: { mail: [a@b] } }
`);
  assert.equal(more.length, 4, more.join('\n'));
  assert.match(more[3] ?? '', /three\.notify\.mail: needs a sender and a server: give alerts\.mail/);
  assert.match(more[0] ?? '', /one\.hosts\.pool: hosts from a pool need its etcd/);
  assert.match(more[1] ?? '', /two\.groups: hosts come from a pool: one group must leave out its hosts/);
  assert.match(more[2] ?? '', /three\.pools: names no service/);
});
