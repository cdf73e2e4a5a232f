import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathMatcher } from './path-pattern.ts';

const cases: readonly (readonly [pattern: string, path: string, meets: boolean])[] = [
  ['*.key', 'a.key', true],
  ['*.key', 'deep/down/a.key', true],
  ['*.key', 'a.key.txt', false],
  ['/a.key', 'a.key', true],
  ['/a.key', 'deep/a.key', false],
  ['private/**', 'private/settings.php', true],
  ['private/**', 'php-1/private/deep/x', true],
  ['private/**', 'privately/x', false],
  ['.ssh', '.ssh/id', true],
  ['/php-*/cache/l10n/*.cdb', 'php-1.43/cache/l10n/l10n_cache-en.cdb', true],
  ['/php-*/cache/l10n/*.cdb', 'php-1.43/cache/l10n/deep/en.cdb', false],
  ['/php-*/cache/l10n/*.cdb', 'x/php-1.43/cache/l10n/en.cdb', false],
  ['/**/x', 'a/b/x', true],
  ['/**/x', 'x', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['a+(b)[c].txt', 'a+(b)[c].txt', true],
];

for (const [pattern, path, meets] of cases) {
  test(`${pattern} ${meets ? 'meets' : 'does not meet'} ${path}`, () => {
    assert.equal(pathMatcher([pattern])(path), meets);
  });
}

test('no pattern meets nothing', () => {
  assert.equal(pathMatcher([])('anything'), false);
});
