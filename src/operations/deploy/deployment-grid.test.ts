import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostRecord } from '../../jobs/deploy/fleet/host-board.ts';
import { gridOf } from './deployment-grid.ts';

const host = (name: string) => ({ name, address: { kind: 'local' as const }, root: '' });
const group = (name: string, hosts: readonly string[]) => ({
  name,
  hosts,
  batch: 1,
  failureLimit: 0,
  onFailure: 'rollback' as const,
  soakMs: 0,
  asks: false,
  holds: false,
  pauseMs: 0,
});
const environment = {
  hosts: ['a', 'b', 'c'].map(host),
  groups: [group('canary', ['a']), group('all', ['b', 'c'])],
};
const step = (stage: string, of: string, name: string, code?: string) => ({
  at: '2026-11-30T00:00:00.000Z',
  stage,
  host: of,
  step: name,
  durationMs: 10,
  status: 0,
  ...(code === undefined ? {} : { code, message: `${code} there` }),
});
const record = (state: HostRecord['state']): HostRecord => ({
  state,
  before: null,
  previous: null,
  slot: null,
});

test('a grid tells of every host how far it is in every stage that touches hosts', () => {
  const grid = gridOf({
    environment,
    stages: [
      { name: 'preflight', state: 'done' },
      { name: 'build', state: 'running' },
      { name: 'transfer', state: 'done' },
      { name: 'rollout-canary', state: 'running' },
    ],
    steps: [
      ...['a', 'b', 'c'].map((of) => step('preflight', of, 'observe')),
      step('transfer', 'a', 'unpack', 'HOST_UNREACHABLE'),
      step('transfer', 'a', 'unpack'),
      step('transfer', 'b', 'unpack', 'TARGET_FULL'),
      step('rollout-canary', 'a', 'promote'),
    ],
    board: new Map([
      ['a', record('promoting')],
      ['b', record('failed')],
    ]),
  });
  assert.deepEqual(grid.stages, [
    { name: 'preflight', state: 'done' },
    { name: 'transfer', state: 'done' },
    { name: 'rollout-canary', state: 'running' },
  ]);
  assert.deepEqual(
    grid.hosts.map((one) => [one.host, one.group, one.state, ...one.cells.map(({ state }) => state)]),
    [
      ['a', 'canary', 'promoting', 'done', 'done', 'running'],
      ['b', 'all', 'failed', 'done', 'failed', 'none'],
      ['c', 'all', 'unseen', 'done', 'none', 'none'],
    ],
  );
  assert.deepEqual(grid.hosts[0]?.cells[1], { state: 'done', steps: 2, tookMs: 20, step: 'unpack' });
  assert.equal(grid.hosts[1]?.cells[1]?.message, 'TARGET_FULL there');
});

test('hosts that are in the journal only are shown, and those of the running group wait', () => {
  const grid = gridOf({
    environment,
    stages: [{ name: 'rollout-all', state: 'running' }],
    steps: [step('rollout-all', 'gone', 'promote')],
    board: new Map(),
  });
  assert.deepEqual(
    grid.hosts.map((one) => [one.host, one.cells[0]?.state]),
    [
      ['a', 'none'],
      ['b', 'waiting'],
      ['c', 'waiting'],
      ['gone', 'running'],
    ],
  );
});
