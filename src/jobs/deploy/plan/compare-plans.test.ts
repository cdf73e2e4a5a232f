import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePlans } from './compare-plans.ts';
import { type DeployPlan, digestOf, isPlanId, keepPlan, type PlannedHost } from './deploy-plan.ts';

const host: PlannedHost = {
  name: 'mw1',
  group: 'all',
  instance: 'i',
  serves: { commit: 'a'.repeat(40), version: '20261122-0001' },
  intact: true,
  transfer: 'difference',
  transferBytes: 400,
  files: { added: 0, modified: 1, deleted: 0 },
  content: null,
  problem: null,
};
const plan: DeployPlan = {
  environment: 'prod',
  version: { name: '20261122-0002', tree: 'b'.repeat(40), isNew: true },
  live: '20261122-0001',
  settings: 's',
  groupsOnly: false,
  stages: [],
  groups: [],
  pools: [],
  hosts: [host],
  totalBytes: 400,
};

test('the same is the same, and each difference is one sentence', () => {
  assert.deepEqual(comparePlans(plan, structuredClone(plan)), []);
  const down = { ...host, problem: { code: 'HOST_UNREACHABLE', message: 'mw1 cannot be reached' } };
  const cases: readonly (readonly [Partial<DeployPlan>, RegExp])[] = [
    [{ version: { ...plan.version, tree: 'c'.repeat(40) } }, /staging tree is not what it was/],
    [{ version: { ...plan.version, name: '20261122-0003' } }, /others were made since/],
    [{ live: null }, /serves nothing, not 20261122-0001/],
    [{ settings: 't' }, /settings of prod in rota.yaml changed/],
    [{ hosts: [] }, /mw1 is gone/],
    [{ hosts: [host, { ...host, name: 'mw2' }] }, /mw2 is new/],
    [{ hosts: [down] }, /mw1 cannot be deployed to: mw1 cannot be reached/],
    [{ hosts: [{ ...host, instance: 'j' }] }, /mw1 is another machine/],
    [{ hosts: [{ ...host, serves: null }] }, /mw1 serves nothing, not 20261122-0001/],
    [{ hosts: [{ ...host, intact: false }] }, /mw1 was changed there since/],
    [{ hosts: [{ ...host, content: 'c' }] }, /mw1 would get other files/],
    [{ hosts: [{ ...host, transferBytes: 9 }] }, /mw1 needs 9 bytes, not 400/],
  ];
  for (const [change, pattern] of cases) {
    const found = comparePlans(plan, { ...plan, ...change });
    assert.equal(found.length, 1, String(found));
    assert.match(found[0] ?? '', pattern);
  }
  assert.deepEqual(comparePlans({ ...plan, hosts: [down] }, { ...plan, hosts: [down] }), []);
});

test('a plan is called by the digest of all that is kept', () => {
  const about = { commit: 'c', madeAt: '2026-11-22T10:00:00.000Z', by: 'ada', plan };
  const kept = keepPlan(about);
  assert.ok(isPlanId(kept.id));
  assert.equal(digestOf(kept), kept.digest);
  assert.notEqual(digestOf({ ...kept, commit: 'd' }), kept.digest);
  assert.equal(isPlanId('prod'), false);
});
