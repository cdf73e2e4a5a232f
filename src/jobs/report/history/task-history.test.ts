import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTask } from '../phabricator/dump/parse-task.ts';
import { dayCount, firstSecond, randomTask } from '../testing/random-tracker.ts';
import { slowState } from '../testing/slow-state.ts';
import { forever } from './interval.ts';
import { taskHistory } from './task-history.ts';

const endOf = (day: number) => firstSecond + (day + 1) * 86_400;

function historyOf(task: object) {
  const { info } = task as { readonly info: readonly unknown[] };
  return taskHistory(parseTask(String(info[0]), Buffer.from(JSON.stringify(task))));
}

test('intervals say of every day what the rows of the dump say, however these collide', () => {
  fc.assert(
    fc.property(randomTask, (task) => {
      const history = historyOf(task);
      for (let day = -1; day <= dayCount; day += 1) {
        // What was at the end of a day: in the second before the next one begins.
        const moment = endOf(day) - 1;
        const isThen = ({ from, to }: { readonly from: number; readonly to: number }) =>
          from <= moment && moment < to;
        const slow = slowState(task, endOf(day));
        const states = history.states.filter(isThen);
        assert.equal(states.length, slow === null ? 0 : 1);
        if (slow === null) continue;
        const [state] = states;
        assert.deepEqual(
          { status: state?.status, priority: state?.priority, points: state?.points },
          { status: slow.status, priority: slow.priority, points: slow.points },
        );
        assert.deepEqual(
          history.projects
            .filter(isThen)
            .map((m) => m.project)
            .sort(),
          slow.projects,
        );
        const columns = history.columns.filter(isThen).map((c) => [c.board, c.column]);
        assert.deepEqual(Object.fromEntries(columns), slow.columns);
        assert.equal(columns.length, Object.keys(slow.columns).length);
      }
    }),
    { numRuns: 500 },
  );
});

test('intervals of a kind neither overlap nor touch without a difference, and the last one lasts', () => {
  fc.assert(
    fc.property(randomTask, (task) => {
      const { states, projects, columns } = historyOf(task);
      for (const [i, state] of states.entries()) {
        assert.ok(state.from < state.to);
        assert.equal(state.to, states[i + 1]?.from ?? forever);
        const { from: _, to: __, ...values } = state;
        const next = states[i + 1];
        if (next === undefined) continue;
        const { from: ___, to: ____, ...nextValues } = next;
        assert.notDeepEqual(values, nextValues);
      }
      const lists = [
        ...Map.groupBy(projects, (m) => m.project).values(),
        ...Map.groupBy(columns, (c) => c.board).values(),
      ];
      for (const list of lists) {
        const ordered = list.toSorted((a, b) => a.from - b.from);
        for (const [i, interval] of ordered.entries()) {
          assert.ok(interval.from < interval.to);
          assert.ok(interval.to <= (ordered[i + 1]?.from ?? forever));
        }
      }
    }),
  );
});

const base = (more: object) => ({
  info: [7, 'PHID-TASK-t', 'u', null, 'open', 50, 't', firstSecond, firstSecond, 0, null],
  transactions: {},
  ...more,
});

test('a merged task is closed at its newest sign of life, by estimate; a mention is none', () => {
  const row = (id: number, type: string, at: number, metadata: string, next: string) =>
    [id, 'x', 'u', 'PHID-TASK-t', null, 0, type, '[]', next, metadata, at, at] as const;
  const { states } = historyOf(
    base({
      info: [7, 'PHID-TASK-t', 'u', null, 'duplicate', 50, 't', firstSecond, firstSecond, 0, null],
      transactions: {
        reassign: [row(1, 'reassign', firstSecond + 500, '[]', '"PHID-USER-a"')],
        'core:edge': [row(2, 'core:edge', firstSecond + 900, '{"edge:type":51}', '["PHID-TASK-o"]')],
      },
    }),
  );
  assert.deepEqual(
    states.map(({ from, to, status, estimated }) => ({ from, to, status, estimated })),
    [
      { from: firstSecond, to: firstSecond + 500, status: 'open', estimated: false },
      { from: firstSecond + 500, to: forever, status: 'duplicate', estimated: true },
    ],
  );
});

test('both ends of a parent edge are told, in both forms, and edges of which no step tells', () => {
  const row = (id: number, old: unknown, next: unknown, type: number) =>
    [
      id,
      'x',
      'u',
      'PHID-TASK-t',
      null,
      0,
      'core:edge',
      JSON.stringify(old),
      JSON.stringify(next),
      `{"edge:type":${type}}`,
      firstSecond + id,
      firstSecond + id,
    ] as const;
  const { parents } = historyOf(
    base({
      transactions: {
        'core:edge': [
          row(1, [], { 'PHID-TASK-p': { dst: 'PHID-TASK-p', type: '4' } }, 4),
          row(2, ['PHID-TASK-p'], [], 4),
          row(3, [], ['PHID-TASK-c'], 3),
        ],
      },
      edge: [
        ['PHID-TASK-t', 3, 'PHID-TASK-c', firstSecond, 0, null],
        ['PHID-TASK-t', 4, 'PHID-TASK-q', firstSecond + 9, 0, null],
      ],
    }),
  );
  assert.deepEqual(parents, [
    { role: 'parent', other: 'PHID-TASK-p', at: firstSecond + 1, step: 1, added: true },
    { role: 'parent', other: 'PHID-TASK-p', at: firstSecond + 2, step: 2, added: false },
    { role: 'child', other: 'PHID-TASK-c', at: firstSecond + 3, step: 3, added: true },
    { role: 'parent', other: 'PHID-TASK-q', at: firstSecond + 9, step: 0, added: true },
  ]);
});
