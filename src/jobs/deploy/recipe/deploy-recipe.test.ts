import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FarmFolder, outputYaml } from '../../../config/testing/farm-folder.ts';
import type { DeployParameters } from '../parameters.ts';
import { DeployRecipe } from './deploy-recipe.ts';

test('pauses stand between groups, and groups after which a person is waited for come first', async () => {
  using farm = new FarmFolder();
  const { config } = await farm.load(`${outputYaml}wikis: {}
environments:
  prod:
    source: ./code
    path: /srv/wiki
    hosts: [a, b, c]
    groups: [{ name: x, hosts: [a], pause: 10m }, { name: y, hosts: [b], pause: ask }, { name: z, pause: ask }]
`);
  const environment = config.environments.get('prod');
  assert.ok(environment !== undefined);
  assert.deepEqual(
    environment.groups.map(({ asks, pauseMs }) => [asks, pauseMs]),
    [
      [false, 600_000],
      [true, 0],
      [true, 0],
    ],
  );
  const stagesOf = (parameters: DeployParameters) =>
    new DeployRecipe(environment)
      .stages(parameters)
      .map(({ name }) => name)
      .filter((name) => /^(rollout|pause)-/.test(name));
  assert.deepEqual(stagesOf({ kind: 'push' }), ['rollout-x', 'pause-x', 'rollout-y', 'pause-y', 'rollout-z']);
  const held = ['rollout-z', 'pause-z', 'rollout-x', 'pause-x', 'rollout-y'];
  assert.deepEqual(stagesOf({ kind: 'push', holdAfter: ['z'] }), held);
  assert.deepEqual(stagesOf({ kind: 'push', groups: ['x'] }), ['rollout-x']);
  assert.deepEqual(stagesOf({ kind: 'rollback' }), ['rollout-all']);
});
