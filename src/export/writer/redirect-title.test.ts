import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBinary } from './escape-markup.ts';
import { RedirectTitles } from './redirect-title.ts';
import { sampleSite } from './testing/samples.ts';
import { Titles } from './titles.ts';

const titles = new RedirectTitles(sampleSite, new Titles(sampleSite));
const read = (namespace: number, title: string, interwiki = ''): string | null =>
  titles.title({ namespace, title: toBinary(title), interwiki });

// Every line is what MediaWiki 1.39 printed for such a row.
test('names targets as MediaWiki does', () => {
  assert.equal(read(0, 'Texts'), 'Texts');
  assert.equal(read(-2, 'Foo.png'), 'File:Foo.png');
  assert.equal(read(-1, 'Recentchanges/x'), 'Special:Recentchanges/x');
  assert.equal(read(0, 'A__B_'), 'A B');
  assert.equal(read(0, 'lower'), 'Lower');
  assert.equal(read(102, 'lower'), 'Lower:lower');
  assert.equal(read(0, 'école'), toBinary('École'));
  assert.equal(read(0, 'ßx'), 'SSx');
  assert.equal(read(0, 'Main_Page', 'MetaWikimedia'), 'metawikimedia:Main Page');
  assert.equal(read(0, 'User:x_y', 'metawikimedia'), 'metawikimedia:User:x y');
  assert.equal(read(0, 'Foo', 'nosuchprefix'), 'Nosuchprefix:Foo');
});

test('prints none where MediaWiki does not', () => {
  for (const special of ['Userlogout', 'Logout', 'MyPage/x', 'Mytalk', 'Redirect/1', 'Filepath']) {
    assert.equal(read(-1, special), null, special);
  }
  for (const title of [
    '',
    'A|b',
    'A[b',
    'A<b',
    'A%41b',
    '&amp;x',
    '.',
    '..',
    './x',
    'x/..',
    'x/./y',
    'a~~~b',
    'x{y',
    'a\x7f',
    '\ufffd',
  ]) {
    assert.equal(read(0, title), null, title);
  }
  assert.equal(read(2000, 'Foo'), null);
  assert.equal(titles.title({ namespace: 0, title: '\xff', interwiki: '' }), null);
});
