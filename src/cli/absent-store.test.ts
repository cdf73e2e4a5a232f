// A path of the run store that is misspelt: who only looks makes nothing there, and is told.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FarmFolder, outputYaml } from '../config/testing/farm-folder.ts';
import { runRota } from './testing.ts';

const yaml = `${outputYaml}store: sqlite:./far/away/rota.db
wikis: { a: { database: sqlite:x, siteinfo: x.xml } }
environments: { prod: { source: ., path: /srv/x, hosts: ["local:./t"] } }
`;

test('commands that only look make no run store, and say that there is none yet', async () => {
  using farm = new FarmFolder();
  farm.write('rota.yaml', yaml);
  for (const [line, status] of [
    ['status', 0],
    ['status --json', 0],
    ['schedule list', 0],
    ['run list', 0],
    ['run show full-dump/a/20261122', 2],
    ['run log full-dump/a/20261122', 2],
    ['attach full-dump/a/20261122', 2],
    ['why a', 0],
    ['token list', 0],
    ['deploy history', 0],
    ['deploy log', 2],
    ['run cancel full-dump/a/20261122', 2],
    ['run resume full-dump/a/20261122', 2],
    ['run unlock full-dump/a/20261122 --force-unlock --yes', 2],
    ['token revoke somebody', 2],
  ] as const) {
    const result = await runRota(line.split(' '), { cwd: farm.path });
    assert.equal(result.status, status, `${line}: ${result.stderr}`);
    assert.match(
      result.stderr,
      /^rota: there is no run store \S+\/far\/away\/rota\.db yet: rota up, .* makes it\n/,
      line,
    );
  }
  assert.equal(existsSync(join(farm.path, 'far')), false);
  assert.equal((await runRota(['pause', 'all'], { cwd: farm.path })).status, 0);
  const shown = await runRota(['status'], { cwd: farm.path });
  assert.deepEqual([shown.status, shown.stderr], [0, '']);
});
