import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { KeptPlan } from '../../src/jobs/deploy/plan/deploy-plan.ts';
import { type DeployFarm, localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface ShownPlan extends KeptPlan {
  readonly repositories: readonly {
    readonly path: string;
    readonly isDirty: boolean;
    readonly subject: string;
  }[];
}

async function planOf(farm: DeployFarm, ...args: readonly string[]): Promise<ShownPlan> {
  const result = await farm.rota('push', '--plan', '--json', ...args);
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout.toString()) as ShownPlan;
}

suite('kept plans', { skip: requires('git') }, () => {
  test('a plan touches no host, is carried out exactly, and only once', async () => {
    await using folder = await temporaryFolder('plan');
    const hosts = localHosts(folder.path, 2);
    const farm = await makeDeployFarm(folder.path, hosts);
    await farm.write('index.php', 'one');
    const extension = join(farm.folder, 'code/extensions/X');
    await farm.write('extensions/X/x.php', 'x');
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
    execFileSync('git', ['init', '-q', extension]);
    execFileSync('git', ['-C', extension, 'add', '-A']);
    execFileSync('git', ['-C', extension, ...identity, 'commit', '-qm', 'X begins']);
    await farm.write('extensions/X/x.php', 'x, edited');
    const first = await planOf(farm);
    assert.deepEqual(
      first.repositories.map(({ path, isDirty, subject }) => [path, isDirty, subject]),
      [['extensions/X', true, 'X begins']],
    );
    assert.deepEqual(
      first.plan.hosts.map(({ name, serves, transfer, files }) => [name, serves, transfer, files.added]),
      [
        ['h1', null, 'whole', 2],
        ['h2', null, 'whole', 2],
      ],
    );
    assert.ok(!(await readdir(folder.path)).includes('targets'));
    const done = await farm.rota('push', first.id);
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
    const described = JSON.parse((await farm.served('h1', 'VERSION.json')) ?? '');
    assert.equal(described.version, first.plan.version.name);
    assert.equal(described.repositories[0].path, 'extensions/X');

    const head = execFileSync('git', ['-C', extension, 'rev-parse', 'HEAD']).toString().trim();
    const where = async (what: string) => {
      const result = await farm.rota('deploy', 'where', what, '--json');
      return { status: result.status, row: JSON.parse(result.stdout.toString().split('\n')[0] ?? '') };
    };
    const found = await where(head.slice(0, 9));
    assert.deepEqual([found.status, found.row.has], [0, 'yes']);
    assert.match(found.row.what, /extensions\/X at .* not committed/);
    assert.deepEqual((await where('extensions/X/y.php')).row.has, 'no');
    const log = await farm.rota('deploy', 'log', '--host', 'h2', '--stage', 'rollout', '--json');
    const steps = log.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      steps.map(({ host, step, status }) => [host, step, status]),
      [['h2', 'promote', 0]],
    );

    await farm.write('index.php', 'two');
    const second = await planOf(farm);
    assert.deepEqual(
      second.plan.hosts.map(({ serves, transfer, files }) => [serves?.version, transfer, files]),
      Array(2).fill([first.plan.version.name, 'difference', { added: 0, modified: 1, deleted: 0 }]),
    );
    assert.equal((await farm.rota('push', second.id)).status, 0);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two']);
    const again = await farm.rota('push', second.id);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /PLAN_STALE: .*the environment serves/);
  });

  test('what differs from the plan is named, and nothing is switched', async () => {
    await using folder = await temporaryFolder('plan');
    const hosts = localHosts(folder.path, 2);
    const farm = await makeDeployFarm(folder.path, hosts);
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.write('index.php', 'two');
    const refused = async (change: () => Promise<unknown>, pattern: RegExp, back: () => Promise<unknown>) => {
      const { id } = await planOf(farm);
      await change();
      const result = await farm.rota('push', id);
      assert.equal(result.status, 1);
      assert.match(result.stderr, /PLAN_STALE/);
      assert.match(result.stderr, pattern);
      assert.deepEqual(await farm.served('h1', 'index.php'), 'one');
      await back();
    };
    await refused(
      () => farm.write('index.php', 'three'),
      /the staging tree is not what it was/,
      () => farm.write('index.php', 'two'),
    );
    await refused(
      () => writeFile(join(hosts.folderOf('h2'), 'index.php'), 'edited there'),
      /h2 was changed there since/,
      () => farm.rota('deploy', 'repair'),
    );
    await refused(
      () => farm.configure({ restart: { command: 'true' } }),
      /the settings of prod in rota.yaml changed/,
      () => farm.configure({}),
    );
    const { id } = await planOf(farm);
    const file = join(folder.path, 'deploy/prod.git/plans', `${id}.json`);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"two"', '"2"').replace('"h1"', '"h9"'));
    const forged = await farm.rota('push', id);
    assert.match(forged.stderr, /PLAN_STALE: .* was changed after it was made/);
    const unknown = await farm.rota('push', 'plan-000000000000');
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /PLAN_UNKNOWN/);
  });
});
