import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { loadConfig } from '../load-config.ts';
import { parseIniSections } from './ini-sections.ts';
import { importWikidump, type WikidumpFiles } from './wikidump.ts';

const conf = `# The farm
[wiki]
dblist=all.dblist
skipdblist=skip.dblist,gone.dblist
privatelist=private.dblist
closedlist=closed.dblist
dir=/srv/mediawiki
multiversion=/srv/multiversion
[output]
public=/srv/dumps/public
private=/srv/dumps/private
webroot=https://dumps.example.org
temp=/srv/dumps/temp
[reporting]
adminmail=ops@example.org
mailfrom=dumps@example.org
smtpserver=mail.example.org
staleage=900
[database]
client_config_file=/etc/client.cnf
max_allowed_packet=32M
[tools]
php=/usr/bin/php
lbzip2=/usr/bin/lbzip2
[cleanup]
keep=7
[chunks]
chunksEnabled=1
pagesPerChunkHistory=41242,
  110331
checkpointTime=0
lbzip2threads=3
[otherformats]
multistream=1
[misc]
maxRetries=5
skipjobs=metahistory7zdump,xmlpagelogsdump,flowdump
hobby=knitting
[bigwiki]
checkpointTime=720
maxrevbytes=20000000000
[wd]
checkpointTime=720
`;
const files: Readonly<Record<string, string>> = {
  'all.dblist': 'frwiki\nbigwiki # the big one\n\nsecretwiki\nold_wiki\nbad name\nskippedwiki\n',
  'skip.dblist': 'skippedwiki\n',
  'private.dblist': 'secretwiki\n',
  'closed.dblist': 'old_wiki\n',
  'skips.dblist': 'frwiki\n',
  '/etc/client.cnf': '[client]\nuser = "dumper"\npassword = "p;w=#1"\nhost=db1.example.org\nport=3311\n',
};
const changes = `[wiki]
allwikislist=all.dblist
skipwikislist=skips.dblist
[output]
incrementalsdir=/srv/dumps/public/other/incr
delay=43200
[cleanup]
keep=35
`;

function given(more: Partial<WikidumpFiles> = {}): WikidumpFiles {
  return {
    conf: { name: 'wikidump.conf', text: conf },
    section: null,
    changes: { name: 'addschanges.conf', text: changes },
    read: (path) => files[path] ?? null,
    ...more,
  };
}

test('sections, comments and values that go on are read as Python reads them', () => {
  const sections = parseIniSections(
    '[A]\nKey: one\n  two\n; no\n[b]\nkey = x=y\n [more]\n\n[c]\n [d]\ne: f\n',
  );
  assert.deepEqual(sections.get('A')?.get('key'), { value: 'one two', line: 2 });
  assert.deepEqual(sections.get('b')?.get('key'), { value: 'x=y [more]', line: 6 });
  assert.deepEqual(sections.get('d')?.get('e'), { value: 'f', line: 11 });
});

test('what has a counterpart is taken over, into a file that Rota accepts', async () => {
  const { config } = importWikidump(given());
  assert.deepEqual(config, {
    output: { public: '/srv/dumps/public', private: '/srv/dumps/private' },
    store: 'sqlite:./rota.db',
    web: { root: 'https://dumps.example.org' },
    alerts: { mail: { to: ['ops@example.org'], from: 'dumps@example.org', server: 'mail.example.org' } },
    wikiDefaults: {
      database: 'mysql://dumper@db1.example.org:3311/{wiki}',
      passwordFile: './database.password',
      siteinfo: './siteinfo/{wiki}.json',
    },
    wikis: {
      frwiki: {},
      bigwiki: {
        'full-dump': {
          split: {
            articles: { maxRawBytes: '20000000000B' },
            current: { maxRawBytes: '20000000000B' },
            history: { maxRawBytes: '20000000000B' },
          },
        },
      },
      secretwiki: { private: true },
      old_wiki: { closed: true },
    },
    jobs: {
      'full-dump': {
        schedule: '0 2 1,20 * *',
        keep: 7,
        retries: { times: 5 },
        outputs: ['stubs', 'articles', 'multistream', 'current', 'history', 'titles', 'namespaces', 'tables'],
        split: {
          stubs: { maxPages: 110331 },
          articles: { maxPages: 110331 },
          current: { maxPages: 110331 },
          history: { maxPages: 110331 },
        },
      },
      'changes-mark': { schedule: '0 0 * * *' },
      changes: { schedule: '0 0 * * *', folder: 'other/incr', delay: '43200s', keep: 35 },
      'changes-index': { schedule: '0 0 * * *' },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'rota-import-'));
  try {
    await writeFile(join(folder, 'database.password'), 'x\n', { mode: 0o600 });
    await writeFile(join(folder, 'rota.yaml'), stringify(config));
    const loaded = await loadConfig('rota.yaml', { env: {}, cwd: folder });
    assert.equal(loaded.config.wikis.get('secretwiki')?.isPrivate, true);
    assert.equal(loaded.config.wikis.get('old_wiki')?.isClosed, true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what has none is named with its place, and no password is copied', () => {
  const imported = importWikidump(given());
  const texts = imported.notes.map(({ file, line, text }) => `${file}:${line}: ${text}`).join('\n');
  for (const wanted of [
    /\[misc\] hobby is not known/,
    /skipdblist: gone\.dblist cannot be read/,
    /"bad name" in all\.dblist cannot be the name of a wiki/,
    /parts of unequal pages \(2\)/,
    /skipjobs flowdump/,
    /the section \[wd\] is no wiki’s/,
    /the password is not copied/,
    /addschanges\.conf:3: skipwikislist/,
  ]) {
    assert.match(texts, wanted);
  }
  assert.ok(!JSON.stringify(imported).includes('p;w=#1'));
  const needless = imported.needless.map(({ text }) => text).join('\n');
  for (const key of [
    'dir',
    'multiversion',
    'temp',
    'staleage',
    'max_allowed_packet',
    'php',
    'lbzip2threads',
  ]) {
    assert.match(needless, new RegExp(`\\] ${key}: `));
  }
});

test('a chosen section goes before the general ones', () => {
  const { config, notes } = importWikidump(given({ section: 'wd', changes: null }));
  const { jobs } = config as { readonly jobs: Readonly<Record<string, { readonly split?: object }>> };
  assert.deepEqual(jobs['full-dump']?.split, {
    articles: { maxRawBytes: '35000000000B' },
    current: { maxRawBytes: '35000000000B' },
    history: { maxRawBytes: '35000000000B' },
  });
  assert.ok(notes.every(({ text }) => !text.includes('[wd]')));
});

test('without a list of wikis or with one that is gone, that is said', () => {
  const { notes } = importWikidump(
    given({ conf: { name: 'c', text: '[wiki]\nclosedlist=x\n' }, changes: null }),
  );
  assert.match(notes.map(({ text }) => text).join('\n'), /dblist is missing/);
});
