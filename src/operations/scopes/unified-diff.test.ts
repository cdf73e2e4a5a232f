import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { unifiedDiff } from './unified-diff.ts';

test('a change is shown with three lines around it, as git shows it', () => {
  const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((line) => `${line}\n`).join('');
  const after = before.replace('e\n', 'E\nnew\n');
  assert.equal(
    unifiedDiff('scopes/web.yaml', before, after),
    '--- a/scopes/web.yaml\n+++ b/scopes/web.yaml\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n+new\n f\n g\n h\n',
  );
  assert.equal(unifiedDiff('x', before, before), '');
  assert.equal(
    unifiedDiff('x', '', 'a'),
    '--- a/x\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n\\ No newline at end of file\n',
  );
});

test('applied to the old text it gives the new one', () => {
  const text = fc
    .array(fc.constantFrom('a\n', 'b\n', '\n', '- x\n'), { maxLength: 30 })
    .map((lines) => lines.join(''));
  const end = fc.constantFrom('', 'last');
  fc.assert(
    fc.property(text, end, text, end, (a, aEnd, b, bEnd) => {
      assert.equal(applied(a + aEnd, unifiedDiff('f', a + aEnd, b + bEnd)), b + bEnd);
    }),
  );
});

/** What patch(1) does, by the numbers of the hunks. */
function applied(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (diff === '') return before;
  const result: string[] = [];
  let at = 0;
  for (const hunk of diff.split(/^(?=@@ )/m).slice(1)) {
    const [, start = '0', size = '0'] = /^@@ -(\d+),(\d+) /.exec(hunk) ?? [];
    const from = Number(start) - (size === '0' ? 0 : 1);
    result.push(...old.slice(at, from));
    at = from;
    const all = hunk.replace(/^.*\n/, '').match(/[^\n]*\n/g) ?? [];
    for (const [i, line] of all.entries()) {
      if (line.startsWith('\\')) continue;
      const text = all[i + 1]?.startsWith('\\') ? line.slice(1, -1) : line.slice(1);
      if (line[0] === '+') result.push(text);
      else {
        assert.equal(text, old[at]);
        if (line[0] === ' ') result.push(text);
        at += 1;
      }
    }
  }
  return [...result, ...old.slice(at)].join('');
}
