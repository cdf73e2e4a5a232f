import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { TemporaryFolder } from '../testing/temporary-folder.ts';
import { namesAnotherWiki } from './names-another-wiki.ts';
import { readSiteInfo } from './read-site-info.ts';

const head = `<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="fr">
  <siteinfo>
    <sitename>A &amp; B</sitename>
    <dbname>abwiki</dbname>
    <base>http://ab.example/wiki/Accueil</base>
    <generator>MediaWiki 1.39.17</generator>
    <case>first-letter</case>
    <namespaces>
      <namespace key="-2" case="first-letter">Média</namespace>
      <namespace key="0" case="first-letter" />
      <namespace key="1" case="case-sensitive">Discussion</namespace>
    </namespaces>
  </siteinfo>
`;

const general = {
  sitename: 'A & B',
  base: 'http://ab.example/wiki/Accueil',
  generator: 'MediaWiki 1.39.17',
  case: 'first-letter',
  lang: 'fr',
  wikiid: 'abwiki',
};
const version2 = {
  query: {
    general,
    namespaces: {
      '1': { id: 1, case: 'case-sensitive', name: 'Discussion', canonical: 'Talk' },
      '-2': { id: -2, case: 'first-letter', name: 'Média', canonical: 'Media' },
      '0': { id: 0, case: 'first-letter', name: '' },
    },
    namespacealiases: [{ id: 1, alias: 'D' }],
    magicwords: [{ name: 'redirect', aliases: ['#REDIRECTION', '#REDIRECT'] }],
    interwikimap: [{ prefix: 'Meta', url: 'x' }],
  },
};
const version1 = {
  query: {
    general,
    namespaces: {
      '-2': { id: -2, case: 'first-letter', '*': 'Média', canonical: 'Media' },
      '0': { id: 0, case: 'first-letter', '*': '' },
      '1': { id: 1, case: 'case-sensitive', '*': 'Discussion', canonical: 'Talk' },
    },
    namespacealiases: [{ id: 1, '*': 'D' }],
  },
};

async function readFrom(content: string | Uint8Array) {
  using folder = new TemporaryFolder();
  writeFileSync(folder.file('siteinfo'), content);
  return await readSiteInfo(folder.file('siteinfo'));
}

describe('readSiteInfo', () => {
  it("reads a dump's head, plain and compressed, also when the file goes on", async () => {
    const whole = `${head}${'<page></page>\n'.repeat(5000)}</mediawiki>`;
    for (const content of [head, whole, gzipSync(whole), zstdCompressSync(whole)]) {
      const { siteInfo, lacks } = await readFrom(content);
      assert.equal(siteInfo.siteName, 'A & B');
      assert.equal(siteInfo.databaseName, 'abwiki');
      assert.equal(siteInfo.language, 'fr');
      assert.deepEqual(siteInfo.namespaces, [
        { id: -2, name: 'Média', case: 'first-letter', aliases: [] },
        { id: 0, name: '', case: 'first-letter', aliases: [] },
        { id: 1, name: 'Discussion', case: 'case-sensitive', aliases: [] },
      ]);
      assert.equal(siteInfo.redirectWords, null);
      assert.equal(lacks.length, 3);
    }
  });

  it('reads a saved API answer of both format versions', async () => {
    const two = await readFrom(JSON.stringify(version2));
    assert.deepEqual(two.lacks, []);
    assert.deepEqual(two.siteInfo.interwikiPrefixes, ['meta']);
    assert.deepEqual(two.siteInfo.redirectWords, ['#REDIRECTION', '#REDIRECT']);
    const one = await readFrom(JSON.stringify(version1));
    assert.deepEqual(one.lacks, ['spellings of #REDIRECT', 'interwiki prefixes']);
    for (const { siteInfo } of [one, two]) {
      assert.equal(siteInfo.databaseName, 'abwiki');
      assert.deepEqual(
        siteInfo.namespaces.map((namespace) => [namespace.id, namespace.name, namespace.aliases]),
        [
          [-2, 'Média', ['Media']],
          [0, '', []],
          [1, 'Discussion', ['Talk', 'D']],
        ],
      );
    }
  });

  it('asks api.php, keeps its answer, and says what it refuses', async () => {
    const asked: string[] = [];
    const answer =
      (body: unknown, status = 200) =>
      async (url: unknown) => {
        asked.push(String(url));
        return new Response(JSON.stringify(body), { status });
      };
    const { siteInfo } = await readSiteInfo('http://ab.example/w/api.php', { fetch: answer(version2) });
    assert.equal(siteInfo.apiAnswer, JSON.stringify(version2));
    const url = new URL(asked[0] ?? '');
    assert.equal(
      url.searchParams.get('siprop'),
      'general|namespaces|namespacealiases|magicwords|interwikimap',
    );
    const refused = { error: { code: 'readapidenied', info: 'You need read permission' } };
    await assert.rejects(readSiteInfo('http://ab.example/api.php', { fetch: answer(refused) }), {
      code: 'SITEINFO_UNREADABLE',
      message: /You need read permission/,
    });
    await assert.rejects(readSiteInfo('http://ab.example/api.php', { fetch: answer({}, 503) }), {
      code: 'SITEINFO_UNREACHABLE',
    });
    await assert.rejects(
      readSiteInfo('http://ab.example/api.php', { fetch: () => Promise.reject(new Error('no route')) }),
      { code: 'SITEINFO_UNREACHABLE', message: /no route/ },
    );
  });

  const faults: [string, string | Uint8Array, RegExp][] = [
    ['nothing', '', /neither JSON nor XML/],
    ['other text', 'hello', /neither JSON nor XML/],
    ['damaged JSON', '{"query":', /JSON is damaged/],
    ['other JSON', '{"query":{}}', /lacks query\.general/],
    ['other XML', '<html></html>', /no <siteinfo>/],
    ['bzip2', 'BZh91AY&SY', /bzip2/],
    [
      'damaged gzip',
      Buffer.concat([gzipSync(head).subarray(0, 12), Buffer.from('garbage garbage')]),
      /decompressed|neither/,
    ],
  ];
  for (const [name, content, message] of faults) {
    it(`says what is wrong with ${name}`, async () => {
      await assert.rejects(readFrom(content), { code: 'SITEINFO_UNREADABLE', message });
    });
  }

  it('says that a file is missing', async () => {
    await assert.rejects(readSiteInfo('/nowhere/siteinfo.json'), { code: 'FILE_UNREADABLE' });
  });
});

it('says whose siteinfo it is, where it is that of another wiki', async () => {
  for (const content of [head, JSON.stringify(version2)]) {
    const { siteInfo } = await readFrom(content);
    assert.equal(namesAnotherWiki(siteInfo, ['otherwiki', 'db7'], ''), 'abwiki');
    assert.equal(namesAnotherWiki(siteInfo, ['otherwiki', 'abwiki'], 'p_'), null);
  }
});
