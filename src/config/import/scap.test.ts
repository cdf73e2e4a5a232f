import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { FarmFolder, outputYaml } from '../testing/farm-folder.ts';
import { importScap } from './scap.ts';

const files: Readonly<Record<string, string>> = {
  'scap.cfg': `[global]
git_repo: services/oracle
git_deploy_dir: /srv/deployment
ssh_user: deploy-service
server_groups: canary, default
canary_dsh_targets: canaries
dsh_targets: targets
batch_size: 4
failure_limit: 10%
cache_revs: 3
service_name: oracle, feeder=reload
service_port: 8080
nrpe_dir: /etc/nagios/nrpe.d
[example.org]
git_server: deploy.example.org
`,
  canaries: 'o1.example.org\n',
  targets: '# all\no1.example.org\no2.example.org # slow\n\no3.example.org\n',
  'checks.yaml': `checks:
  answers:
    type: command
    after: promote
    command: curl -sf localhost:8080
    timeout: 60
  disk:
    type: nrpe
    after: promote
    command: check_disk
  lint:
    type: command
    before: promote
    command: make lint
`,
  'environments/beta/scap.cfg': '[global]\ndsh_targets: betas\nserver_groups: default\nfailure_limit: 1\n',
  'environments/beta/betas': 'b1\n',
  'environments/beta/checks.yaml':
    'checks:\n  answers:\n    type: script\n    stage: promote\n    command: answers.sh\n    group: default\n',
};
const read = (path: string) => files[path] ?? null;

test('groups, batches, limits, restart and checks come over, and Rota takes them as they are', async () => {
  const { name, settings, notes } = importScap(read, null, './code');
  assert.equal(name, 'oracle');
  const host = (n: number) => ({ name: `o${n}.example.org`, address: `deploy-service@o${n}.example.org` });
  assert.deepEqual(settings, {
    source: './code',
    path: '/srv/deployment/services/oracle',
    hosts: [host(1), host(2), host(3)],
    groups: [
      { name: 'canary', batch: 4, failureLimit: '10%', hosts: ['o1.example.org'] },
      { name: 'default', batch: 4, failureLimit: '10%', hosts: ['o2.example.org', 'o3.example.org'] },
    ],
    keep: 3,
    restart: { command: "sudo -n systemctl restart 'oracle' && sudo -n systemctl reload 'feeder'" },
    checks: [{ name: 'answers', command: 'curl -sf localhost:8080', timeout: '60s' }],
  });
  assert.deepEqual(
    notes.map(({ file, line, text }) => `${file}:${line} ${text}`),
    [
      'scap.cfg:14 section [example.org] is for some hosts only: left out',
      'scap.cfg:12 service_port is waited for: add a check of that port',
      'checks.yaml:7 check disk: a check of the type nrpe has no counterpart: write its command',
      'checks.yaml:11 check lint: is asked before promote; Rota asks after the switch',
      'scap.cfg:13 nrpe_dir has no counterpart',
    ],
  );
  using farm = new FarmFolder();
  const { config } = await farm.load(
    `${outputYaml}wikis: {}\n${stringify({ environments: { [name]: settings } })}`,
  );
  assert.deepEqual(
    config.environments.get('oracle')?.groups.map((group) => group.hosts.length),
    [1, 2],
  );
});

test('an environment overrides the repository, and a check of the same name takes the place of the other', () => {
  const { name, settings } = importScap(read, 'beta', '.');
  assert.equal(name, 'beta');
  assert.deepEqual(settings.groups, [{ name: 'default', batch: 4, failureLimit: 1, hosts: ['b1'] }]);
  assert.deepEqual(settings.checks, [
    {
      name: 'answers',
      script: './scap/environments/beta/scripts/answers.sh',
      timeout: '30s',
      groups: ['default'],
    },
  ]);
});

test('hosts that cannot be read are named', () => {
  const { notes } = importScap(
    (path) => (path === 'scap.cfg' ? '[global]\ngit_repo: a\ndsh_targets: gone\n' : null),
    null,
    '.',
  );
  assert.deepEqual(notes, [{ file: 'scap.cfg', line: 3, text: 'the hosts in gone could not be read' }]);
});

test('what is broken or hostile is named with its file and line, and what is left Rota takes', async () => {
  const broken: Readonly<Record<string, string>> = {
    'scap.cfg':
      'git_repo a/b\n[global]\ngit_repo: a/b\nserver_groups: canary, canary, default, missing\n' +
      'canary_dsh_targets: canaries\ndsh_targets: targets\nbatch_size: -3\nfailure_limit: lots\n',
    canaries: 'h1\nh1\nroot@h2\n',
    targets: 'h1\n-oProxyCommand=touch\nh4; rm -rf x\nh5 h6\nh7\n',
    'checks.yaml':
      'checks:\n  a:\n  b: 3\n  c: { after: promote, command: [x, y] }\n  d: { after: promote, command: "true", timeout: soon }\n',
  };
  const { name, settings, notes } = importScap((path) => broken[path] ?? null, null, '.');
  assert.deepEqual(
    notes.map(({ file, line, text }) => `${file}:${line} ${text}`),
    [
      'scap.cfg:1 is neither a section nor a key with a value: left out',
      'scap.cfg:7 batch_size is no whole number: -3',
      'scap.cfg:8 failure_limit is neither a number of hosts nor a share such as 5%: lots',
      "targets:2 is no host's name, left out: -oProxyCommand=touch",
      "targets:3 is no host's name, left out: h4; rm -rf x",
      "targets:4 is no host's name, left out: h5 h6",
      'scap.cfg:4 group missing: no missing_dsh_targets names its hosts',
      'checks.yaml:2 check a: is no check: its type and command are expected',
      'checks.yaml:3 check b: is no check: its type and command are expected',
      'checks.yaml:4 check c: has no command',
      'checks.yaml:5 check d: its timeout is no number of seconds: soon; it has 30',
    ],
  );
  using farm = new FarmFolder();
  const { config } = await farm.load(
    `${outputYaml}wikis: {}\n${stringify({ environments: { [name]: settings } })}`,
  );
  assert.deepEqual(
    config.environments.get('b')?.groups.map((group) => group.hosts),
    [['h1', 'h2'], ['h7']],
  );
  for (const text of ['checks: hello', 'checks: [a, b]', 'hello']) {
    const files = { ...broken, 'checks.yaml': text };
    const told = importScap((path) => files[path as keyof typeof files] ?? null, null, '.').notes;
    assert.ok(told.some(({ file, text: what }) => file === 'checks.yaml' && /cannot be read/.test(what)));
  }
});
