import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FarmFolder, outputYaml } from '../../../../config/testing/farm-folder.ts';
import { plannedSteps } from '../../plan/planned-steps.ts';
import { recipeOf } from '../../recipe/deploy-recipe.ts';

const yaml = `${outputYaml}wikis: {}
environments:
  prod:
    source: ./code
    path: /srv/wiki
    hosts: [a, b]
    kind: mediawiki
    php: { strategy: reload, service: "php'8" }
    checks: [{ name: lint, command: "php -l x" }, { name: canary only, command: "true", groups: [x] }]
    groups: [{ name: x, hosts: [a] }, { name: y }]
    pools: { etcd: ["http://e:1"], services: [{ dc: d, cluster: c, service: s }] }
`;

test('steps make exactly these programs, and plans say what they would do', async () => {
  using farm = new FarmFolder();
  const environment = (await farm.load(yaml)).config.environments.get('prod');
  assert.ok(environment !== undefined);
  const [host] = environment.hosts;
  assert.ok(host !== undefined);
  const steps = recipeOf(environment).steps();
  const fence = { store: 's', generation: 1, counter: 2 };
  const target = { host, path: '/srv/wiki', deadlineMs: 9, fence, slot: 'abc', version: 'v', run: 'r' };
  const promote = steps.promote.local(target);
  assert.deepEqual([promote.name, promote.args], ['promote', ['/srv/wiki', 's', '1', '2', 'abc', 'r']]);
  const restart = steps.restart.local(target);
  assert.deepEqual(
    [restart?.name, restart?.args],
    ['php reload', ['/srv/wiki', 'a', 'v', '-', `sudo -n systemctl reload 'php'\\''8'`]],
  );
  const [lint] = environment.checks;
  assert.ok(lint !== undefined);
  const check = steps.check.local(target, { check: lint, command: 'php -l x' });
  assert.deepEqual([check?.name, check?.args], ['check lint', ['/srv/wiki', 'a', 'v', '-', 'php -l x']]);
  assert.equal(steps.depool.local(target), null);
  assert.equal(steps.repool.local(target), null);
  const version = { name: 'v', commit: 'abc' };
  const planned = environment.groups.map((group) =>
    plannedSteps(environment, group, steps, version).map(({ name, does }) => [name, ...does]),
  );
  const around = (checks: readonly string[]) => [
    ['depool', 'd/c/s'],
    ['promote', 'promote'],
    ['restart', 'php reload'],
    ['check', ...checks],
    ['repool', 'd/c/s'],
  ];
  assert.deepEqual(planned, [around(['lint', 'canary only']), around(['lint'])]);
});
