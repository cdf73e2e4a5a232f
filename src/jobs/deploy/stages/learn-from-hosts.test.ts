import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunRecord } from '../fleet/run-record.ts';
import { learnFromHosts, type Taken } from './learn-from-hosts.ts';

const groups = [
  { name: 'canary', hosts: ['h1'] },
  { name: 'rest', hosts: ['h2', 'h3'] },
];
const names = new Map([
  ['c1', '20261130-0001'],
  ['c2', '20261130-0002'],
  ['c3', '20261130-0003'],
]);
const held = (key: string) => [
  { key, before: 'before', beforeRevision: '1', ours: 'ours', ourRevision: null },
];

function record(more: Partial<RunRecord> = {}): RunRecord {
  return {
    run: 'deploy/prod/20261130-0003',
    at: '2026-11-30T12:00:00Z',
    version: '20261130-0003',
    commit: 'c3',
    parameters: { kind: 'push' },
    live: { version: '20261130-0002', commit: 'c2' },
    pools: {},
    ...more,
  };
}

/** A host that serves a commit, as it is found. */
function host(
  name: string,
  serves: string,
  before: string,
  last: Partial<Taken['last']> & { readonly record: RunRecord | null },
): Taken {
  const slots = new Map([...names.keys()].map((commit) => [commit, commit]));
  return {
    host: name,
    current: serves,
    previous: before,
    slots,
    commits: names,
    last: { ended: false, switchedBy: null, ...last },
  };
}

suite('what hosts tell of an environment whose run store is lost', () => {
  test('a deployment that came to some hosts: it is live, the others owe it, and it is under way', () => {
    const learnt = learnFromHosts(
      [
        host('h1', 'c3', 'c2', { record: record(), switchedBy: record().run }),
        host('h2', 'c2', 'c1', { record: record() }),
        host('h3', 'c2', 'c1', { record: record({ at: '2026-11-30T11:00:00Z', run: 'older' }) }),
      ],
      groups,
    );
    assert.equal(learnt.live?.commit, 'c3');
    assert.equal(learnt.previous?.commit, 'c2');
    assert.deepEqual(Object.keys(learnt.owing), ['h2', 'h3']);
    assert.equal(learnt.underWay?.run, record().run);
  });

  test('one that had switched nothing yet: what was live is live, and it is under way', () => {
    const learnt = learnFromHosts(
      ['h1', 'h2', 'h3'].map((name) => host(name, 'c2', 'c1', { record: record() })),
      groups,
    );
    assert.deepEqual([learnt.live?.commit, learnt.previous?.commit], ['c2', 'c1']);
    assert.deepEqual(learnt.owing, {});
    assert.equal(learnt.underWay?.version, '20261130-0003');
  });

  test('one that was taken back is not under way, and its version is not gone back to', () => {
    const learnt = learnFromHosts(
      [
        host('h1', 'c2', 'c3', { record: record(), switchedBy: record().run }),
        host('h2', 'c2', 'c1', { record: record() }),
      ],
      groups,
    );
    assert.deepEqual([learnt.live?.commit, learnt.previous?.commit], ['c2', 'c1']);
    assert.equal(learnt.underWay, null);
  });

  test('one that ended on all hosts but one: that one owes it, and nothing is under way', () => {
    const learnt = learnFromHosts(
      [
        host('h1', 'c3', 'c2', { record: record(), ended: true, switchedBy: record().run }),
        host('h2', 'c3', 'c2', { record: record(), ended: true, switchedBy: record().run }),
        host('h3', 'c2', 'c1', { record: record() }),
      ],
      groups,
    );
    assert.equal(learnt.live?.commit, 'c3');
    assert.deepEqual(Object.keys(learnt.owing), ['h3']);
    assert.equal(learnt.underWay, null);
  });

  test('one that goes to some groups leaves live what was live, and is under way in them', () => {
    const parameters = { kind: 'push', groups: ['rest'] } as const;
    const learnt = learnFromHosts(
      [
        host('h1', 'c2', 'c1', { record: null }),
        host('h2', 'c3', 'c2', { record: record({ parameters }), switchedBy: record().run }),
        host('h3', 'c2', 'c1', { record: record({ parameters }) }),
      ],
      groups,
    );
    assert.equal(learnt.live?.commit, 'c2');
    assert.deepEqual(learnt.owing, {});
    assert.deepEqual(learnt.underWay?.parameters.groups, ['rest']);
  });

  test('entries of pools: a host’s own until it came to its end, and of those that took no part', () => {
    const learnt = learnFromHosts(
      [
        host('h1', 'c3', 'c2', { record: record({ pools: { h1: held('a'), h4: held('d') } }), ended: true }),
        host('h2', 'c3', 'c2', { record: record({ pools: { h2: held('b'), h4: held('d') } }) }),
      ],
      groups,
    );
    assert.deepEqual(Object.keys(learnt.claims).sort(), ['h2', 'h4']);
  });

  test('without any record, what most hosts serve is live', () => {
    const learnt = learnFromHosts(
      [
        host('h1', 'c2', 'c1', { record: null }),
        host('h2', 'c2', 'c1', { record: null }),
        host('h3', 'c1', 'c2', { record: null }),
      ],
      groups,
    );
    assert.deepEqual([learnt.live?.commit, learnt.previous?.commit], ['c2', 'c1']);
    assert.equal(learnt.underWay, null);
  });
});
