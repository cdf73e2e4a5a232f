import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { parseScope } from './parse-scope.ts';

const known = {
  jobs: ['full-dump'],
  subjects: new Map([
    ['frwiki', 'rota dump frwiki'],
    ['dewiki', 'rota dump dewiki'],
  ]),
};

test('a scope is all, maintenance, a job, a wiki or a run, with or without its kind', () => {
  const cases = [
    ['all', 'all'],
    ['maintenance', 'maintenance'],
    ['full-dump', 'job/full-dump'],
    ['job/full-dump', 'job/full-dump'],
    ['frwiki', 'subject/frwiki'],
    ['subject/frwiki', 'subject/frwiki'],
    ['full-dump/frwiki/20260101', 'run/full-dump/frwiki/20260101'],
    ['run/full-dump/frwiki/20260101', 'run/full-dump/frwiki/20260101'],
  ] as const;
  for (const [text, scope] of cases) assert.equal(parseScope(text, known), scope);
});

test('an unknown scope is refused with the nearest known', () => {
  const refused = (text: string, hint: RegExp) =>
    assert.throws(
      () => parseScope(text, known),
      (error) => isRotaError(error, 'USAGE') && hint.test(error.message),
    );
  refused('frwkii', /did you mean frwiki/);
  refused('subject/dewikii', /did you mean dewiki/);
  refused('fulldump', /did you mean full-dump/);
  refused('zzz', /give all, maintenance/);
});
