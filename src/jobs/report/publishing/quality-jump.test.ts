import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qualityJumps } from './quality-jump.ts';

type Judged = Parameters<typeof qualityJumps>[0];
type Quality = Judged['quality'];

function report(tasks: number, quality: Partial<Quality> = {}, rulesDigest = 1): Judged {
  const categories = [{ total: tasks - 10 }, { total: 10 }];
  return {
    asOf: '2026-11-22',
    rulesDigest,
    count: { categories } as unknown as Judged['count'],
    quality: {
      sourceAt: null,
      loadedAt: null,
      estimatedClosures: 40,
      unknownProjects: 0,
      unknownColumns: 0,
      inUnknownColumns: 3,
      unknownStatuses: 0,
      setAsideCount: 0,
      setAside: [],
      gone: 0,
      ...quality,
    },
  };
}

const before = report(200);

test('what grows by no more than the limit is no jump, nor is what gets better', () => {
  for (const now of [
    before,
    report(400),
    report(180),
    report(200, {
      estimatedClosures: 60,
      inUnknownColumns: 23,
      unknownStatuses: 20,
      gone: 20,
      setAsideCount: 20,
    }),
    report(200, { estimatedClosures: 0, inUnknownColumns: 0 }),
  ]) {
    assert.deepEqual(qualityJumps(now, before, 0.1), []);
  }
});

test('each kind of doubt that grows by more is named, with both numbers', () => {
  const kinds: readonly (readonly [Partial<Quality>, RegExp])[] = [
    [{ estimatedClosures: 61 }, /^estimated closures: 61, in the report of 2026-11-22 40$/],
    [{ inUnknownColumns: 24 }, /^tasks in columns that are not known: 24, .* 3$/],
    [{ unknownStatuses: 21 }, /^tasks with a status that is not known: 21/],
    [{ gone: 21 }, /^tasks gone from the tracker since its last load: 21/],
    [{ setAsideCount: 21 }, /^tasks of the tracker that cannot be read: 21/],
  ];
  for (const [quality, expected] of kinds) {
    const [jump, ...others] = qualityJumps(report(200, quality), before, 0.1);
    assert.match(jump ?? '', expected);
    assert.deepEqual(others, []);
  }
});

test('a scope that shrinks is a jump, unless somebody edited its rules', () => {
  const [jump] = qualityJumps(report(150), before, 0.1);
  assert.match(jump ?? '', /^tasks: 150, in the report of 2026-11-22 200 \(25\s% less, by the same rules\)$/);
  assert.deepEqual(qualityJumps(report(150, {}, 2), before, 0.1), []);
});

test('in a small scope a few tasks are no jump', () => {
  const small = report(12, { estimatedClosures: 0 });
  assert.deepEqual(qualityJumps(report(12, { estimatedClosures: 5 }), small, 0.1), []);
  assert.equal(qualityJumps(report(12, { estimatedClosures: 6 }), small, 0.1).length, 1);
});
