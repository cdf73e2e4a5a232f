import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ScopeConfig } from '../../../config/scope-config.ts';
import type { FlowSeries } from '../model/series.ts';
import { dayRange, projects, randomPast, scope } from '../testing/random-past.ts';
import { decidingProjects, makeSegments } from './make-segments.ts';
import { resolveRules } from './resolve-rules.ts';
import { scopeSeries } from './scope-series.ts';
import type { ScopeTask, Segment } from './scope-task.ts';

// The series of a scope against counting its tasks one by one, on each day anew.

const asOf = dayRange.end - 1;
const start = dayRange.first + 3;
const rules = resolveRules(scope.rules, projects);
const pasts = fc.uniqueArray(randomPast, { maxLength: 8, selector: ({ id }) => id });

function tasksOf(given: Parameters<typeof makeSegments>[0][], settings: Partial<ScopeConfig> = {}) {
  const tags = { new: null, maintenance: null, category: null, goal: null };
  const context = {
    scope: { ...scope, ...settings },
    rules,
    tags,
    deciding: decidingProjects(rules, tags),
    ancestors: () => [],
  };
  return given.map((past) => makeSegments(past, context, asOf));
}

/** By going through the list. */
function on(task: ScopeTask, day: number): Segment | undefined {
  return task.segments.find(({ from, to }) => from <= day && day < to);
}

interface Level {
  readonly openCount: number;
  readonly openPoints: number;
  readonly resolvedCount: number;
  readonly resolvedPoints: number;
}

function level(
  tasks: readonly ScopeTask[],
  day: number,
  counts: (s: Segment, t: ScopeTask) => boolean,
): Level {
  const sum = { openCount: 0, openPoints: 0, resolvedCount: 0, resolvedPoints: 0 };
  for (const task of tasks) {
    const segment = on(task, day);
    if (segment === undefined || segment.category === null || !counts(segment, task)) continue;
    sum[`${segment.state}Count`] += 1;
    sum[`${segment.state}Points`] += segment.points ?? 0;
  }
  return sum;
}

test('each day’s numbers of each category are those of its tasks', () => {
  fc.assert(
    fc.property(pasts, (given) => {
      const tasks = tasksOf([...given]);
      const { categories, columns } = scopeSeries(tasks, rules, { start, asOf, cutoff: null });
      for (let day = start; day <= asOf; day += 1) {
        for (const { name, daily } of categories) {
          const i = day - start;
          const found = {
            openCount: daily.openCount[i],
            openPoints: daily.openPoints[i],
            resolvedCount: daily.resolvedCount[i],
            resolvedPoints: daily.resolvedPoints[i],
          };
          assert.deepEqual(
            found,
            level(tasks, day, ({ category }) => category === name),
            `${name}, ${day}`,
          );
        }
        const open = columns.reduce((sum, column) => sum + (column.open[day - start] ?? 0), 0);
        assert.equal(open, level(tasks, day, () => true).openCount);
      }
    }),
    { numRuns: 150 },
  );
});

test('each week’s flows account for the change of what is open, in count and points', () => {
  fc.assert(
    fc.property(pasts, (given) => {
      const tasks = tasksOf([...given]);
      const { categories, flows } = scopeSeries(tasks, rules, { start, asOf, cutoff: null });
      const hidden = new Set(categories.filter(({ display }) => display === 'hide').map(({ name }) => name));
      const check = (series: FlowSeries, counts: (s: Segment) => boolean) => {
        const weeks = series.count.resolved.length;
        for (let week = 1; week < weeks; week += 1) {
          const end = asOf - 7 * (weeks - 1 - week);
          const [before, after] = [level(tasks, end - 7, counts), level(tasks, end, counts)];
          for (const [unit, key] of [
            ['count', 'openCount'],
            ['points', 'openPoints'],
          ] as const) {
            const { added, reopened, reestimated, removed, resolved } = series[unit];
            const sum = (list: readonly Float64Array[]) => list.reduce((all, x) => all + (x[week] ?? 0), 0);
            assert.equal(
              sum([added, reopened, reestimated]) - sum([removed, resolved]),
              after[key] - before[key],
            );
          }
        }
      };
      for (const { name, flows: mine } of categories) check(mine, ({ category }) => category === name);
      check(flows.visible, ({ category }) => category !== null && !hidden.has(category));
      check(flows.all, () => true);
    }),
    { numRuns: 150 },
  );
});

test('what was resolved before the cutoff is left out of its series, and nothing else', () => {
  fc.assert(
    fc.property(pasts, fc.integer({ min: dayRange.first, max: asOf }), (given, cutoff) => {
      const tasks = tasksOf([...given]);
      const { categories } = scopeSeries(tasks, rules, { start, asOf, cutoff });
      /** The first of the days up to this one on which it was resolved without a break. */
      const closedOn = (task: ScopeTask, day: number): number => {
        let first = day;
        while (on(task, first - 1)?.state === 'resolved') first -= 1;
        return first;
      };
      for (let day = start; day <= asOf; day += 3) {
        for (const { name, sinceCutoff } of categories) {
          const expected = level(
            tasks,
            day,
            (segment, task) =>
              segment.category === name && (segment.state === 'open' || closedOn(task, day) >= cutoff),
          );
          assert.equal(sinceCutoff?.openCount[day - start], expected.openCount);
          assert.equal(sinceCutoff?.resolvedCount[day - start], expected.resolvedCount);
          assert.equal(sinceCutoff?.resolvedPoints[day - start], expected.resolvedPoints);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('retroactive settings: the last day’s category and points hold for all days on which a task was in the scope', () => {
  fc.assert(
    fc.property(pasts, fc.boolean(), fc.boolean(), (given, retroactiveCategories, retroactivePoints) => {
      const plain = tasksOf([...given]);
      const rewritten = tasksOf([...given], { retroactiveCategories, retroactivePoints });
      for (const [i, before] of plain.entries()) {
        const after = rewritten[i];
        const last = on(before, asOf);
        for (let day = before.created; day <= asOf; day += 1) {
          const [was, is] = [on(before, day), after === undefined ? undefined : on(after, day)];
          const isKnown = last !== undefined && last.category !== null;
          const category =
            retroactiveCategories && isKnown && was?.category ? last.category : (was?.category ?? null);
          assert.equal(is?.category ?? null, category);
          assert.equal(is?.points, retroactivePoints && isKnown ? last.points : was?.points);
          assert.equal(is?.state, was?.state);
        }
      }
    }),
    { numRuns: 150 },
  );
});
