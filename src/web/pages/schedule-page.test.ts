import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobName, runId, subjectName } from '../../core/ids.ts';
import { schedulePage } from './list-pages.ts';

test('missed due times stand on the page of schedules, the newest fifty of them', () => {
  assert.doesNotMatch(String(schedulePage([], [], []).body), /Missed/);
  const missed = Array.from({ length: 53 }, (_, i) => ({
    run: runId(jobName('changes'), subjectName('frwiki'), '20261101'),
    job: 'changes',
    subject: `wiki${i}`,
    dueAt: new Date(Date.UTC(2026, 10, 20, 0, 60 - i)),
  }));
  const body = String(schedulePage([], [], missed).body);
  assert.match(body, /<h2>Missed<\/h2>/);
  assert.match(
    body,
    /2026-11-20 01:00<\/time><\/td><td>changes<\/td><th scope="row"><a href="\/subjects\/wiki0">/,
  );
  assert.ok(body.includes('/subjects/wiki49"') && !body.includes('/subjects/wiki50"'));
  assert.match(body, /and 3 earlier ones/);
});
