import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobName, subjectName } from '../core/ids.ts';
import { missedOf } from './missed-runs.ts';

const schedule = {
  job: jobName('changes'),
  subjects: ['frwiki', 'newwiki', 'enwiki'].map((name) => subjectName(name)),
};
const when = { expression: '30 2,14 * * *', zone: 'UTC' };
const run = (subject: string, date: string, createdAt: string) => ({
  subject: subjectName(subject),
  date,
  createdAt: new Date(createdAt),
});

test('missed are due times without a run, from the first run of a subject until a little while ago', () => {
  const runs = [
    run('frwiki', '20261126', '2026-11-26T02:30:10Z'),
    run('frwiki', '20261129', '2026-11-29T02:30:10Z'),
    // By hand, of an old date: the schedule began no earlier for that.
    run('enwiki', '20260101', '2026-11-29T12:00:00Z'),
  ];
  const missed = [...missedOf(schedule, when, runs, new Date('2026-11-30T02:35:00Z'))];
  assert.deepEqual(
    missed.map(({ run, dueAt }) => [run, dueAt.toISOString()]),
    [
      ['changes/frwiki/20261127', '2026-11-27T02:30:00.000Z'],
      ['changes/frwiki/20261128', '2026-11-28T02:30:00.000Z'],
      ['changes/enwiki/20261129', '2026-11-29T14:30:00.000Z'],
    ],
  );
});

test('what was missed more than 30 days ago is over', () => {
  const runs = [run('frwiki', '20260901', '2026-09-01T02:30:10Z')];
  const [first] = missedOf(schedule, when, runs, new Date('2026-11-30T12:00:00Z'));
  assert.equal(first?.run, 'changes/frwiki/20261031');
});
