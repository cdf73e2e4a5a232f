import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskPast } from './scope-task.ts';
import { type ParentsOf, statusReport } from './status-report.ts';

// What became of a project between days 100 and 200, one task for each case.

const phid = 'PHID-PROJ-goal';
const project = { id: 7, phid, name: 'Goal' };
const window = { from: 100, to: 200 };

type Change = readonly [day: number, status: string];

function past(
  id: number,
  states: readonly Change[],
  spans: readonly (readonly [number, number])[],
): TaskPast {
  return {
    id,
    title: `Task ${id}`,
    created: states[0]?.[0] ?? 0,
    states: states.map(([from, status], i) => ({
      from,
      to: states[i + 1]?.[0] ?? 1000,
      status,
      estimated: false,
      priority: 50,
      points: 2,
    })),
    memberships: spans.map(([from, to]) => ({ from, to, project: phid })),
    positions: [],
  };
}

function judge(pasts: readonly TaskPast[], parentsOf: ParentsOf = () => []) {
  const both = pasts.map((p) => ({
    past: p,
    task: { id: p.id, title: p.title, created: p.created, segments: [] },
  }));
  const { tasks, from, to } = statusReport(project, window, both, parentsOf);
  assert.deepEqual([from, to], ['1970-04-11', '1970-07-20']);
  return Object.fromEntries(tasks.map(({ id, origin, state }) => [id, `${origin} ${state}`]));
}

const always = [[0, 1000]] as const;

test('what was there at the start is in scope, and is done, open, reopened or cut at the end', () => {
  const found = judge([
    past(
      1,
      [
        [50, 'open'],
        [150, 'resolved'],
      ],
      always,
    ),
    past(2, [[50, 'open']], always),
    past(
      3,
      [
        [50, 'open'],
        [120, 'resolved'],
        [150, 'stalled'],
      ],
      always,
    ),
    past(
      4,
      [
        [50, 'open'],
        [150, 'declined'],
      ],
      always,
    ),
    past(5, [[50, 'open']], [[0, 150]]),
    // Done when the window began: left out, whatever came after.
    past(
      6,
      [
        [50, 'resolved'],
        [150, 'open'],
      ],
      always,
    ),
    // Changes after the window do not count.
    past(
      7,
      [
        [50, 'open'],
        [201, 'resolved'],
      ],
      always,
    ),
    past(
      8,
      [
        [50, 'open'],
        [200, 'resolved'],
      ],
      always,
    ),
  ]);
  assert.deepEqual(found, {
    1: 'in-scope done',
    2: 'in-scope open',
    3: 'in-scope reopened',
    4: 'in-scope cut',
    5: 'in-scope cut',
    7: 'in-scope open',
    8: 'in-scope done',
  });
});

test('what came later is elaborated below a task that was open in the project at the start, else scope creep', () => {
  const edges: Readonly<Record<number, ReturnType<ParentsOf>>> = {
    11: [{ parent: 1, from: 110, to: 1000 }],
    12: [{ parent: 2, from: 110, to: 1000 }],
    13: [{ parent: 3, from: 110, to: 1000 }],
    14: [{ parent: null, from: 110, to: 1000 }],
    // Parted before the window.
    15: [{ parent: 1, from: 50, to: 90 }],
  };
  const found = judge(
    [
      past(
        1,
        [
          [50, 'open'],
          [150, 'resolved'],
        ],
        always,
      ),
      past(2, [[50, 'open']], [[120, 1000]]),
      past(3, [[50, 'resolved']], always),
      ...[11, 12, 13, 14, 15, 16].map((id) => past(id, [[110, 'open']], always)),
      past(
        17,
        [
          [110, 'open'],
          [150, 'resolved'],
        ],
        always,
      ),
      // Old, but new in the project.
      past(18, [[20, 'open']], [[130, 1000]]),
      // Came and went, or was never wanted: nobody counted on it.
      past(19, [[110, 'open']], [[110, 150]]),
      past(
        20,
        [
          [110, 'open'],
          [150, 'invalid'],
        ],
        always,
      ),
    ],
    (id) => edges[id] ?? [],
  );
  assert.deepEqual(found, {
    1: 'in-scope done',
    2: 'screep open',
    11: 'elaborated open',
    12: 'screep open',
    13: 'screep open',
    14: 'unknown open',
    15: 'screep open',
    16: 'screep open',
    17: 'screep done',
    18: 'screep open',
  });
});
