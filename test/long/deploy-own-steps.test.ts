import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const groups = [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }];

/** A module whose step has its host write down what it was told to do. */
const tells = (part: string, told: string) => `export default (rota) => class extends rota.stages.${part} {
  local({ host, path, version }) {
    const command = 'echo "${part} $ROTA_HOST $(cat index.php)" >>${told}';
    return rota.onHost({ path, name: 'own ${part}', command, host: host.name, version, deadlineMs: 60000, mutates: true });
  }
};\n`;

suite('steps of the site’s own', { skip: requires('git') }, () => {
  test('what a stage of the site’s own makes in the staging tree is part of the version', async () => {
    await using folder = await temporaryFolder('own-tree');
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 1));
    for (const [part, base] of [
      ['preflight', 'Preflight'],
      ['build', 'Build'],
    ] as const) {
      const made = JSON.stringify(`${farm.folder}/code/made`);
      await writeFile(
        folder.in(`${part}.mjs`),
        `import { writeFileSync } from 'node:fs';
export default (rota) => class extends rota.stages.${base} {
  async deploy(context) {
    if ('${part}' === 'build') writeFileSync(${made}, '${part}');
    const outcome = await super.deploy(context);
    if ('${part}' === 'preflight') writeFileSync(${made}, '${part}');
    return outcome;
  }
};\n`,
      );
      await farm.configure({ stages: { [part]: `./${part}.mjs` } });
      await farm.write('index.php', part);
      const pushed = await farm.rota('push');
      assert.equal(pushed.status, 0, pushed.stderr);
      assert.equal(await farm.served('h1', 'made'), part);
    }
  });

  test('each step is replaced by itself: plans name it, hosts do it in order, and its undo is done on the way back', async () => {
    await using folder = await temporaryFolder('own-steps');
    const told = folder.in('told');
    for (const part of ['Depool', 'Restart', 'Repool'])
      await writeFile(folder.in(`${part}.mjs`), tells(part, told));
    await writeFile(
      folder.in('Promote.mjs'),
      `import { appendFileSync } from 'node:fs';
const tell = (text) => appendFileSync(${JSON.stringify(told)}, text + '\\n');
export default (rota) => class extends rota.stages.Promote {
  async undo(context) {
    tell(\`back \${context.host.name}\`);
    await super.undo(context);
  }
};\n`,
    );
    await writeFile(
      folder.in('Check.mjs'),
      `export default (rota) => class extends rota.stages.Check {
  async run(context) {
    await super.run(context);
    const { stdout } = await context.fleet.run(context.host, rota.onHost({ path: context.path, name: 'own look',
      command: 'cat index.php', host: context.host.name, version: context.version, deadlineMs: 60000, mutates: false }), context.signal);
    if (stdout.toString() === 'bad') throw new rota.RotaError('CHECK_FAILED', context.host.name + ' is bad');
  }
};\n`,
    );
    const parts = ['Depool', 'Promote', 'Restart', 'Check', 'Repool'];
    const stages = Object.fromEntries(parts.map((part) => [part.toLowerCase(), `./${part}.mjs`]));
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), { groups, stages });
    await farm.write('index.php', 'one');
    const plan = await farm.rota('push', '--plan');
    assert.match(
      plan.stdout.toString(),
      /group canary: 1 host in 1 batch, depool \(own Depool\), promote, restart \(own Restart\), no checks, repool \(own Repool\), may/,
    );
    assert.match(
      plan.stdout.toString(),
      /stages: preflight, build, transfer, prepare, rollout-canary, rollout-all, finalize\n/,
    );
    const lines = async () => {
      const text = await readFile(told, 'utf8').catch(() => '');
      await writeFile(told, '');
      return text.trim().split('\n');
    };
    const first = await farm.rota('push');
    assert.equal(first.status, 0, first.stderr);
    const there = (host: string, before: string, after: string) => [
      `Depool ${host} ${before}`.trim(),
      `Restart ${host} ${after}`,
      `Repool ${host} ${after}`,
    ];
    assert.deepEqual(
      (await lines()).map((line) => line.trim()),
      [...there('h1', '', 'one'), ...there('h2', '', 'one')],
    );
    await farm.write('index.php', 'bad');
    const bad = await farm.rota('push');
    assert.match(bad.stderr, /DEPLOY_ROLLED_BACK: h1 is bad/);
    assert.deepEqual(await lines(), [
      'Depool h1 one',
      'Restart h1 bad',
      'Depool h1 bad',
      'back h1',
      'Restart h1 one',
      'Repool h1 one',
    ]);
    await farm.write('index.php', 'two');
    assert.equal((await farm.rota('push')).status, 0);
    await lines();
    const back = await farm.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    const all = await lines();
    assert.deepEqual(all.filter((line) => line.startsWith('back')).sort(), ['back h1', 'back h2']);
    assert.deepEqual(all.slice(-2).sort(), ['Repool h1 one', 'Repool h2 one']);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
  });

  test('a host whose own depool fails is not switched', async () => {
    await using folder = await temporaryFolder('own-depool');
    await writeFile(
      folder.in('depool.mjs'),
      `export default (rota) => class extends rota.stages.Depool {
  local({ host, path, version }) {
    return rota.onHost({ path, name: 'depool', command: '[ "$ROTA_HOST" != h1 ]', host: host.name, version, deadlineMs: 60000, mutates: true });
  }
};\n`,
    );
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), {
      groups: [{ name: 'all', failureLimit: 1 }],
      stages: { depool: './depool.mjs' },
    });
    await farm.write('index.php', 'one');
    const result = await farm.rota('push');
    assert.equal(result.status, 3, result.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), [null, 'one']);
  });
});
