import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SiteInfo } from '../siteinfo/site-info.ts';
import { TitleParser } from './parse-title.ts';
import { Redirects } from './redirects.ts';

const siteInfo: SiteInfo = {
  siteName: 'W',
  databaseName: 'w',
  base: 'http://w.example/wiki/Main_Page',
  generator: 'MediaWiki 1.39.17',
  case: 'first-letter',
  language: 'de',
  namespaces: [
    { id: -1, name: 'Spezial', case: 'first-letter', aliases: [] },
    { id: 0, name: '', case: 'first-letter', aliases: [] },
    { id: 1, name: 'Diskussion', case: 'first-letter', aliases: [] },
    { id: 2, name: 'Benutzer', case: 'first-letter', aliases: ['Benutzerin'] },
    { id: 6, name: 'Datei', case: 'first-letter', aliases: [] },
    { id: 102, name: 'Lower', case: 'case-sensitive', aliases: [] },
  ],
  redirectWords: ['#WEITERLEITUNG', '#REDIRECT'],
  interwikiPrefixes: ['meta'],
  apiAnswer: null,
};
const redirects = new Redirects(siteInfo, null);

describe('TitleParser', () => {
  const parser = new TitleParser(siteInfo);
  const cases: [string, string | null][] = [
    ['foo bar', '0/Foo_bar'],
    ['  foo__bar_ ', '0/Foo_bar'],
    ['Benutzer:x', '2/X'],
    ['benutzerin : x', '2/X'],
    ['User:x', '2/X'],
    ['Image:x.png#part', '6/X.png'],
    [':Datei:x', '6/X'],
    ['lower:abc', '102/abc'],
    ['META:lower:abc', 'meta:0/lower:abc'],
    ['nothing:abc', '0/Nothing:abc'],
    ['ßa', '0/ßa'],
    ['éa', '0/Éa'],
    ['Talk:User:x', null],
    ['User:', null],
    ['', null],
    [':', null],
    ['a[b', null],
    ['a|b', null],
    ['a%41', null],
    ['a&amp;b', null],
    ['./a', null],
    ['a/../b', null],
    ['a~~~b', null],
    ['x'.repeat(256), null],
    ['x'.repeat(255), `0/X${'x'.repeat(254)}`],
  ];
  for (const [text, expected] of cases) {
    it(`parses ${JSON.stringify(text.slice(0, 30))}`, () => {
      const title = parser.parse(text);
      const found =
        title && `${title.interwiki === '' ? '' : `${title.interwiki}:`}${title.namespace}/${title.title}`;
      assert.equal(found, expected);
    });
  }
});

describe('Redirects', () => {
  const cases: [string, string | null][] = [
    ['#REDIRECT [[Foo]]', '0/Foo'],
    [' \n#redirect[[foo|label]] and more', '0/Foo'],
    ['#WEITERLEITUNG: [[Benutzer:x#y]]', '2/X'],
    ['#weiterleitung [[:User:a%20b]]', '2/A_b'],
    ['#REDIRECT [[meta:Main Page]]', 'meta:0/Main_Page'],
    ['#REDIRECT [[a &quot;b&quot; &#246;]]', '0/A_"b"_ö'],
    ['#REDIRECT [[Special:Userlogout]]', null],
    ['#REDIRECT [[Special:Version]]', '-1/Version'],
    ['#REDIRECT [[#section]]', null],
    ['#REDIRECT [[a]b]]', null],
    ['#REDIRECT foo [[Foo]]', null],
    ['#REDIRECTION [[Foo]]', null],
    ['Foo #REDIRECT [[Foo]]', null],
    ['', null],
  ];
  for (const [text, expected] of cases) {
    it(`finds the target of ${JSON.stringify(text)}`, () => {
      const target = redirects.fromText(text);
      const title = target && Buffer.from(target.title, 'latin1').toString();
      const found =
        target && `${target.interwiki === '' ? '' : `${target.interwiki}:`}${target.namespace}/${title}`;
      assert.equal(found, expected);
    });
  }

  it('checks rows against the wiki of today', () => {
    const row = (namespace: number, title: string, interwiki = '') => ({ namespace, title, interwiki });
    assert.deepEqual(redirects.fromRow(row(2, 'X')), row(2, 'X'));
    assert.deepEqual(redirects.fromRow(row(0, 'A_"b"')), row(0, 'A_"b"'));
    assert.deepEqual(redirects.fromRow(row(0, 'Main_Page', 'meta')), row(0, 'Main_Page', 'meta'));
    assert.equal(redirects.fromRow(row(77, 'X')), null);
    assert.equal(redirects.fromRow(row(0, 'a[b')), null);
    assert.equal(redirects.fromRow(row(0, '\xff')), null);
    assert.deepEqual(redirects.fromRow(row(-2, 'X.png')), row(6, 'X.png'));
  });
});
