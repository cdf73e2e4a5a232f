import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { FarmFolder } from '../../config/testing/farm-folder.ts';
import { runRota } from '../testing.ts';

const rules = 'rule,title,display,id,matchstring\nProjectByID,All,show,100,\n';

test('import phlogiston writes each scope that can be taken over, names why others cannot, and overwrites nothing', async () => {
  using folder = new FarmFolder();
  folder.write('config/alone_scope.py', '[vars]\nscope_title = Without rules\n');
  folder.write('config/bad_scope.py', '[vars]\nscope_title = Bad\nstart_date = 2026-02-31\n');
  folder.write('config/bad_recategorization.csv', rules);
  folder.write('config/web_scope.py', '[vars]\nscope_title = Web\n');
  folder.write('config/web_recategorization.csv', rules);
  const args = ['import', 'phlogiston', 'config', '-o', 'scopes'];
  const scopeFile = (name: string) => join(folder.path, 'scopes', name);

  const tried = await runRota([...args, '--dry-run'], { cwd: folder.path });
  assert.equal(tried.status, 3, tried.stderr);
  assert.equal(existsSync(scopeFile('web.yaml')), false);

  const made = await runRota(args, { cwd: folder.path });
  assert.equal(made.status, 3, made.stderr);
  assert.match(made.stderr, /alone_recategorization\.csv cannot be read/);
  assert.match(made.stderr, /bad_scope\.py:3: start_date: expected a date/);
  assert.match(made.stdout, /web: 1 rules, written to scopes\/web\.yaml/);
  const text = readFileSync(scopeFile('web.yaml'), 'utf8');
  assert.equal(parse(text).title, 'Web');
  for (const name of ['alone.yaml', 'bad.yaml']) assert.equal(existsSync(scopeFile(name)), false, name);

  const again = await runRota(args, { cwd: folder.path });
  assert.equal(again.status, 2);
  assert.match(again.stderr, /CONFIG_EXISTS/);
  assert.equal(readFileSync(scopeFile('web.yaml'), 'utf8'), text);
});
