import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FarmFolder, outputYaml } from '../../config/testing/farm-folder.ts';
import { catalogue } from '../../core/errors/catalogue.ts';
import { findingCatalogue } from '../../operations/doctor/finding-catalogue.ts';
import { runRota } from '../testing.ts';

test('init writes a good rota.yaml and never overwrites one', async () => {
  using farm = new FarmFolder();
  const first = await runRota(['init'], { cwd: farm.path });
  assert.deepEqual([first.status, first.stdout], [0, 'wrote rota.yaml\n']);
  const check = await runRota(['config', 'check'], { cwd: farm.path });
  assert.deepEqual([check.status, check.stderr], [0, 'rota.yaml is good: 0 wikis\n']);
  const before = readFileSync(join(farm.path, 'rota.yaml'), 'utf8');
  const again = await runRota(['init', '--wiki', 'a'], { cwd: farm.path });
  assert.equal(again.status, 2);
  assert.match(again.stderr, /^rota: CONFIG_EXISTS: rota\.yaml is there already/);
  assert.equal(readFileSync(join(farm.path, 'rota.yaml'), 'utf8'), before);
});

test('init fills in a wiki; its password goes to a file that only its owner reads', async () => {
  using farm = new FarmFolder();
  const args = ['init', '--config', 'farm/rota.yaml', '--wiki', 'frwiki', '--siteinfo', 's: x.xml'];
  const made = await runRota([...args, '--database', 'mysql://u:p%40hunter2@db/frwiki?socket=/run/db.sock'], {
    cwd: farm.path,
  });
  assert.deepEqual([made.status, made.stdout], [0, 'wrote farm/rota.yaml\nwrote farm/frwiki.password\n']);
  assert.doesNotMatch(readFileSync(join(farm.path, 'farm/rota.yaml'), 'utf8'), /hunter2/);
  assert.equal(readFileSync(join(farm.path, 'farm/frwiki.password'), 'utf8'), 'p@hunter2\n');
  assert.equal(statSync(join(farm.path, 'farm/frwiki.password')).mode & 0o777, 0o600);
  const shown = await runRota(['config', 'show', '--json'], {
    cwd: farm.path,
    env: { ROTA_CONFIG: 'farm/rota.yaml' },
  });
  assert.equal(shown.stderr, '');
  const { frwiki } = JSON.parse(shown.stdout).wikis;
  assert.deepEqual(frwiki.siteInfo, { kind: 'file', file: join(farm.path, 's: x.xml') });
  assert.deepEqual([frwiki.database.socketPath, frwiki.database.password], ['/run/db.sock', '[secret]']);
});

test('init refuses what cannot be', async () => {
  using farm = new FarmFolder();
  for (const args of [
    ['--database', 'sqlite:x'],
    ['--wiki', '../x'],
  ]) {
    assert.equal((await runRota(['init', ...args], { cwd: farm.path })).status, 2);
  }
  assert.equal(existsSync(join(farm.path, 'rota.yaml')), false);
});

test('config check finds rota.yaml in a folder above and prints faults as data', async () => {
  using farm = new FarmFolder();
  farm.write('rota.yaml', `${outputYaml}wikis: { a: { database: sqlite:x, siteinf: y } }\n`);
  farm.write('deep/down/file', '');
  const cwd = join(farm.path, 'deep/down');
  const plain = await runRota(['config', 'check'], { cwd });
  assert.equal(plain.status, 2);
  assert.match(plain.stdout, /rota\.yaml:2:35: wikis\.a\.siteinf: unknown key; did you mean "siteinfo"\?\n$/);
  const json = await runRota(['config', 'check', '--json'], { cwd });
  const lines = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(lines.length, 1);
  assert.deepEqual([lines[0].line, lines[0].column, lines[0].nearest], [2, 35, 'siteinfo']);
  const none = await runRota(['config', 'check'], { cwd: '/' });
  assert.match(none.stderr, /^rota: CONFIG_NOT_FOUND: there is no rota\.yaml in \/ or above/);
});

test('config check warns of files that are not there', async () => {
  using farm = new FarmFolder();
  farm.write('rota.yaml', `${outputYaml}wikis: { a: { database: sqlite:x.db, siteinfo: rota.yaml } }\n`);
  const { status, stdout } = await runRota(['config', 'check'], { cwd: farm.path });
  assert.deepEqual([status, stdout], [0, `warning: the database of a is not there: ${farm.path}/x.db\n`]);
});

test('config schema is a JSON schema of the keys', async () => {
  const { stdout } = await runRota(['config', 'schema']);
  const schema = JSON.parse(stdout);
  assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
  assert.equal(schema.properties.jobs.properties['full-dump'].properties.heldFor.default, '7d');
  assert.equal(schema.additionalProperties, false);
});

test('explain knows every code, those of the doctor too', async () => {
  const codes = [...Object.keys(catalogue), ...Object.keys(findingCatalogue)];
  assert.equal(new Set(codes).size, codes.length);
  const list = await runRota(['explain', '--json']);
  assert.equal(list.stdout.trim().split('\n').length, codes.length);
  for (const code of codes) {
    const { status, stdout } = await runRota(['explain', code.toLowerCase()]);
    assert.equal(status, 0);
    assert.ok(stdout.startsWith(`${code}\n`));
  }
});

test('completions offer what stands next', { skip: !existsSync('/bin/bash') }, async () => {
  const { stdout: script } = await runRota(['completion', 'bash']);
  const offered = (...words: string[]) =>
    execFileSync(
      '/bin/bash',
      [
        '-c',
        `eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rota; echo "\${COMPREPLY[@]}"`,
        '-',
        script,
        ...words,
      ],
      { encoding: 'utf8' },
    ).trim();
  assert.equal(offered('rota', 'conf'), 'config');
  assert.equal(offered('rota', 'config', ''), 'check show schema help');
  assert.equal(offered('rota', '--config', 'init', 'completion', ''), 'bash zsh fish');
  assert.equal(offered('rota', 'init', '--wi'), '--wiki');
  for (const shell of ['zsh', 'fish']) assert.match((await runRota(['completion', shell])).stdout, /_rota/);
});

test('a list without anything in it is refused, and not taken for all or for none', async () => {
  using farm = new FarmFolder();
  farm.write('rota.yaml', `${outputYaml}wikis: { a: { database: sqlite:x, siteinfo: y } }\n`);
  for (const args of [
    ['worker', '--jobs', ''],
    ['run', 'list', '--state', ','],
    ['run', 'reject', 'a', '--set', ' '],
    ['schedule', 'catch-up', '--jobs', ''],
    ['dump', 'a', '--only', ''],
    ['push', '--to', ''],
  ]) {
    const { status, stderr } = await runRota(args, { cwd: farm.path });
    assert.deepEqual([status, /it names nothing/.test(stderr)], [2, true], `${args.join(' ')}: ${stderr}`);
  }
});
