import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { FarmFolder, outputYaml } from '../../config/testing/farm-folder.ts';
import { runRota } from '../testing.ts';

function scapFolder(): FarmFolder {
  const folder = new FarmFolder();
  folder.write(
    'repo/scap/scap.cfg',
    '[global]\ngit_repo: services/oracle\ngit_deploy_dir: /srv/deployment\nserver_groups: canary, default\n' +
      'canary_dsh_targets: canaries\ndsh_targets: targets\nbatch_size: 4\nservice_name: oracle\n',
  );
  folder.write('repo/scap/canaries', 'o1.example.org\n');
  folder.write('repo/scap/targets', 'o1.example.org\no2.example.org\n');
  folder.write(
    'repo/scap/checks.yaml',
    'checks:\n  answers: { type: command, stage: promote, command: curl -sf localhost }\n  disk: { type: nrpe, stage: promote, command: check_disk }\n',
  );
  folder.write('repo/scap/environments/beta/targets', 'beta1.example.org\n');
  folder.write('repo/scap/environments/beta/canaries', 'beta1.example.org\n');
  return folder;
}

test('import scap writes environments that a rota.yaml can have, names what has no counterpart, and overwrites nothing', async () => {
  using folder = scapFolder();
  const args = ['import', 'scap', 'repo', '-o', 'environments.yaml'];
  const tried = await runRota([...args, '--dry-run'], { cwd: folder.path });
  const asJson = await runRota([...args, '--dry-run', '--json'], { cwd: folder.path });
  // Not everything could be taken over.
  assert.equal(tried.status, 3, tried.stderr);
  const file = join(folder.path, 'environments.yaml');
  assert.equal(existsSync(file), false);
  const made = await runRota(args, { cwd: folder.path });
  assert.equal(made.status, 3, made.stderr);
  assert.match(made.stdout, /wrote .* to .*environments\.yaml/);
  assert.match(made.stderr, /disk|nrpe/);
  const text = readFileSync(file, 'utf8');
  assert.equal(tried.stdout.startsWith(text), true);
  const answer = JSON.parse(asJson.stdout);
  assert.deepEqual([answer.written, answer.text], [false, text]);
  assert.equal(Object.keys(parse(text).environments).length, 2);
  const { config } = await folder.load(`${outputYaml}wikis: {}\n${text}`);
  const hosts = [...config.environments.values()].map((one) => one.hosts.map(({ name }) => name));
  assert.deepEqual(hosts, [['o1.example.org', 'o2.example.org'], ['beta1.example.org']]);
  const again = await runRota(args, { cwd: folder.path });
  assert.equal(again.status, 2);
  assert.match(again.stderr, /is there already; nothing is overwritten/);
  assert.equal(readFileSync(file, 'utf8'), text);
});

test('import scap says where nothing of Scap lies', async () => {
  using folder = new FarmFolder();
  const result = await runRota(['import', 'scap', '.', '-o', 'x.yaml'], { cwd: folder.path });
  assert.notEqual(result.status, 0);
  assert.match(result.stderr, /holds no scap\.cfg: name a repository, or its scap folder/);
});

test('import scap loses no environment to another of its name, and says where it cannot write', async () => {
  using folder = scapFolder();
  const run = (output: string) => runRota(['import', 'scap', 'repo', '-o', output], { cwd: folder.path });
  const nowhere = await run('nowhere/x.yaml');
  assert.equal(nowhere.status, 1);
  assert.match(nowhere.stderr, /^rota: FILE_UNWRITABLE: .*nowhere\/x\.yaml cannot be written \(ENOENT\)/m);
  symlinkSync('elsewhere.yaml', join(folder.path, 'link.yaml'));
  const linked = await run('link.yaml');
  assert.equal(linked.status, 2);
  assert.match(linked.stderr, /^rota: CONFIG_EXISTS: .*link\.yaml is there already/m);
  folder.write('repo/scap/environments/oracle/scap.cfg', '[global]\nbatch_size: 1\n');
  const twice = await run('environments.yaml');
  assert.equal(twice.status, 2);
  assert.match(twice.stderr, /^rota: USAGE: Two environments come to be called oracle/m);
  assert.equal(existsSync(join(folder.path, 'environments.yaml')), false);
});
