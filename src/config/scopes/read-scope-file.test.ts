import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { readScopeText } from './read-scope-file.ts';

function messageOf(text: string): string {
  try {
    readScopeText('web', text, 'web.yaml');
  } catch (error) {
    if (isRotaError(error, 'SCOPE_INVALID')) return error.message;
    throw error;
  }
  return '';
}

test('all faults of a scope file are told at once, whether a value is wrong or values do not fit together', () => {
  const text = `title: Web
zone: Europe/Berln
rules:
  - { rule: ProjectById, title: A, project: 1 }
  - { rule: ProjectByName, title: B }
  - { rule: Intersection, title: C, projects: [1] }
  - { rule: ProjectByID, titel: D, project: 4 }
`;
  const lines = messageOf(text).split('\n  ');
  const expected = [
    /^web\.yaml has 5 faults:$/,
    /^web\.yaml:2:7: zone: expected an IANA time zone/,
    /^web\.yaml:4:13: rules\[0\]\.rule: expected one of /,
    /^web\.yaml:5:5: rules\[1\]: ProjectByName: match is missing/,
    /^web\.yaml:6:5: rules\[2\]: Intersection: projects is missing/,
    /^web\.yaml:7:26: rules\[3\]\.titel: unknown key; did you mean "title"\?$/,
  ];
  assert.equal(lines.length, expected.length, lines.join('\n'));
  for (const [i, pattern] of expected.entries()) assert.match(lines[i] ?? '', pattern);
});

test('a list of rules that is empty is told beside other faults, and alone', () => {
  assert.match(messageOf('title: Web\nrules: []\n'), /has one fault:\n {2}web\.yaml:2:.* the list is empty/);
  const both = messageOf('titel: Web\nrules: []\n');
  assert.match(both, /titel: unknown key/);
  assert.match(both, /web\.yaml:2:.* the list is empty/);
});
