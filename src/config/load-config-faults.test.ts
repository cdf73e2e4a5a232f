import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isRotaError } from '../core/errors/rota-error.ts';
import { FarmFolder, outputYaml } from './testing/farm-folder.ts';

test('every fault is listed at once, at its place, with what was meant', async () => {
  using farm = new FarmFolder();
  const faults = await farm.faults(`output: { public: ./public, privat: ./private }
slots: { db1: two }
wikiDefaults:
  passwordFile: ./nowhere
  slots: [db2]
wikis:
  tinywiki:
    datbase: sqlite:x
    siteinfo: ./s.xml
    private: yes
  a b: {}
  other:
    database: mysql://wiki@localhost?socket=x
    siteinfo: ftp://x
    externalStores: { c1: { databse: sqlite:x } }
jobs:
  full-dump:
    schedule: "0 2 30 2 *"
    zone: Europe/Berln
    catchUp: { policy: newest, within: 3 days }
    compression: { articles: bz3 }
    schema: 0.11
    outputs: [stub, stubs]
    threads: 0
`);
  const expected = [
    /^rota\.yaml:1:29: output\.privat: unknown key; did you mean "private"\?$/,
    /^rota\.yaml:2:15: slots\.db1: expected a whole number from 1 to 10000; got "two"$/,
    /^rota\.yaml:4:17: wikiDefaults\.passwordFile: this file cannot be read: it is not there$/,
    /^rota\.yaml:5:10: wikiDefaults\.slots: the top-level `slots` have no "db2"/,
    /^rota\.yaml:8:5: wikis\.tinywiki\.datbase: unknown key; did you mean "database"\?$/,
    /^rota\.yaml:10:14: wikis\.tinywiki\.private: expected true or false; got "yes"$/,
    /^rota\.yaml:11:3: wikis\.a b: expected a wiki name of letters/,
    /^rota\.yaml:13:15: wikis\.other\.database: expected mysql:.*; the database is missing; got "mysql:/,
    /^rota\.yaml:14:15: wikis\.other\.siteinfo: expected a URL of api\.php, or a file .*; got "ftp:\/\/x"$/,
    /^rota\.yaml:15:29: wikis\.other\.externalStores\.c1\.databse: unknown key; did you mean "database"\?$/,
    /^rota\.yaml:18:15: jobs\.full-dump\.schedule: expected a cron expression of a time that comes; this one never does; got "0 2 30 2 \*"$/,
    /^rota\.yaml:19:11: jobs\.full-dump\.zone: expected an IANA time zone .*; got "Europe\/Berln"$/,
    /^rota\.yaml:20:24: jobs\.full-dump\.catchUp\.policy: expected one of all, latest, none; got "newest"/,
    /^rota\.yaml:20:40: jobs\.full-dump\.catchUp\.within: expected a duration .*; got "3 days"$/,
    /^rota\.yaml:21:30: jobs\.full-dump\.compression\.articles: expected one or a list of bz2, zst; got "bz3"; did you mean "bz2"\?$/,
    /^rota\.yaml:22:13: jobs\.full-dump\.schema: expected one of 0\.11, 0\.10; got the number 0\.11/,
    /^rota\.yaml:23:15: jobs\.full-dump\.outputs\[0\]: expected one of .*; got "stub"; did you mean "stubs"\?$/,
    /^rota\.yaml:24:14: jobs\.full-dump\.threads: expected a whole number from 1 to 1024; got the number 0$/,
  ];
  for (const [i, pattern] of expected.entries()) assert.match(faults[i] ?? '', pattern);
  assert.equal(faults.length, expected.length);
});

test('the error says all in its message, with status 2', async () => {
  using farm = new FarmFolder();
  await assert.rejects(farm.load('outptu: {}\n'), (error) => {
    assert.ok(isRotaError(error, 'CONFIG_INVALID'));
    assert.equal(error.exit, 2);
    assert.match(error.message, /^rota\.yaml has one fault:\n {2}rota\.yaml:1:1: /);
    assert.match(error.message, /outptu: unknown key; did you mean "output"\?/);
    return true;
  });
});

test('passwords never stand in a fault', async () => {
  using farm = new FarmFolder();
  const secret = 'hunter2';
  for (const line of [
    `password: ${secret}`,
    `passwordFile: ${secret}`,
    `passwordFile: [${secret}]`,
    `passwordVariable: "${secret} 1"`,
    `database: mysql://u:${secret}@`,
    `database: mysql://u:${secret}@h:port/x`,
    `database: mysql//u:${secret}@h/x`,
    `database: mysql://u:${secret}`,
    `database: mysql://u:${secret}/x`,
    `database: mysql:u:${secret}@h`,
    `database: postgres://u:${secret}@h/x`,
    `database: mysql://u@h/x?password=${secret}`,
    `database: "mysql://u:a/${secret}@h/x"`,
    `database: "mysql://u:%${secret}@h/x"`,
    `externalStores: { c: "mysql://u:${secret}@h" }`,
    `images: { ${secret}`,
    `images: "${secret}`,
    `images: x: ${secret}`,
    `images: @${secret}`,
    `images: "x" ${secret}`,
    `images: *${secret}`,
    `images: !${secret} x`,
  ]) {
    const faults = await farm.faults(`${outputYaml}wikis:\n  a:\n    siteinfo: s\n    ${line}\n`);
    assert.doesNotMatch(faults.join('\n'), new RegExp(secret), line);
  }
});

test('YAML that is none is told by its place, and so is a key that stands twice', async () => {
  using farm = new FarmFolder();
  const [broken] = await farm.faults('output: { public: x\nwikis: {}\n');
  assert.match(broken ?? '', /^rota\.yaml:\d+:\d+: this is no YAML: /);
  const twice = await farm.faults(`${outputYaml}wikis: {}\nname: a\nname: b\n`);
  assert.deepEqual(twice, ['rota.yaml:4:1: this key stands here twice']);
});

test('what does not fit together is a fault, too', async () => {
  using farm = new FarmFolder();
  farm.write('public/secret', 'x\n');
  const wiki = 'database: mysql://u@h/d, siteinfo: s';
  const cases: readonly (readonly [string, RegExp])[] = [
    ['output: { public: ./p, private: ./p/private }\nwikis: {}', /must not lie in each other/],
    ['output: { public: ., private: ../private }\nwikis: {}', /rota\.yaml would lie in the public tree/],
    [`${outputYaml}store: sqlite:public/rota.db\nwikis: {}`, /store: the store would lie in the public tree/],
    [
      `${outputYaml}wikis:\n  a: { database: "sqlite:public/a.sqlite", siteinfo: a.xml }`,
      /wikis\.a\.database: the wiki's database would lie in the public tree/,
    ],
    ['output: { public: p, private: q, workspace: p/work }\nwikis: {}', /the workspace must lie outside/],
    [
      `${outputYaml}wikis: { a: { ${wiki}, passwordFile: public/secret } }`,
      /a file with a secret would lie in the/,
    ],
    [
      `${outputYaml}lease: { renewEvery: 20s }\nwikis: {}`,
      /lease\.renewEvery: a lease must last at least three/,
    ],
    [`${outputYaml}wikis: { a: { ${wiki}, passwordVariable: NOT_SET } }`, /variable NOT_SET is not set/],
    [
      `${outputYaml}wikis: { a: { ${wiki}, tables: { extra: [user] } } }`,
      /expected a table without private data/,
    ],
    [
      `${outputYaml}wikis: { a: { ${wiki}, tables: { extra: [x], private: [x] } } }`,
      /"x" stands under extra and/,
    ],
    [`${outputYaml}wikis: { a: { siteinfo: s } }`, /wikis\.a\.database: is missing: expected mysql:/],
    [`${outputYaml}wikis: { a: { database: sqlite:x } }`, /wikis\.a\.siteinfo: is missing/],
    [
      `${outputYaml}wikis: {}\njobs: { full-dump: { outputs: [multistream] } }`,
      /multistream is made from articles/,
    ],
    [`${outputYaml}wikis: { a: { ${wiki}, passwordFile: x, passwordVariable: Y } }`, /not both/],
  ];
  for (const [yaml, pattern] of cases) assert.match((await farm.faults(yaml)).join('\n'), pattern);
});

test('a secret that everybody can read is warned about', async () => {
  using farm = new FarmFolder();
  farm.write('open.password', 'x\n', 0o644);
  farm.write('closed.password', 'x\n', 0o640);
  const yaml = (name: string) =>
    `${outputYaml}wikis: { a: { database: mysql://u@h/d, siteinfo: s, passwordFile: ${name}.password } }`;
  assert.deepEqual((await farm.load(yaml('closed'))).warnings, []);
  const { warnings } = await farm.load(yaml('open'));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]?.message ?? '', /everybody on this machine can read this secret/);
});

test('whatever the file holds, it is taken or refused with places, and nothing else is thrown', async () => {
  using farm = new FarmFolder();
  const keys = fc.constantFrom(
    'output',
    'wikis',
    'jobs',
    'full-dump',
    'a',
    'database',
    'public',
    'slots',
    'alerts',
    'webhook',
  );
  const leaf = fc.oneof(fc.constant(null), fc.integer(), fc.boolean(), fc.string({ maxLength: 8 }));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(keys, tree, { maxKeys: 6 }), async (value) => {
      try {
        await farm.load(JSON.stringify(value));
      } catch (error) {
        assert.ok(isRotaError(error, 'CONFIG_INVALID'), String(error));
        assert.match(error.message, /rota\.yaml:\d+:\d+: /);
      }
    }),
    { numRuns: 30 },
  );
});

test('7z needs another format to be made from, and is for the history only', async () => {
  using farm = new FarmFolder();
  const faults = await farm.faults(`${outputYaml}
wikis: { awiki: { database: "sqlite:a.db", siteinfo: ./s.xml } }
jobs:
  full-dump:
    compression: { history: 7z }
`);
  assert.match(faults.join('\n'), /jobs\.full-dump\.compression\.history: 7z is made from another format/);
  const others = await farm.faults(`${outputYaml}
wikis: { awiki: { database: "sqlite:a.db", siteinfo: ./s.xml } }
jobs: { full-dump: { compression: { current: [bz2, 7z] } } }
`);
  assert.match(others.join('\n'), /compression\.current.*: expected one of bz2, zst; got "7z"/);
});

test('durations are dates away at most, deadlines more than nothing', async () => {
  using farm = new FarmFolder();
  const [, ...faults] = await farm.faults(`${outputYaml}wikis: {}
jobs:
  full-dump: { heldFor: 99999999999w, deadline: 0s, retries: { delay: 0s } }
`);
  const place = '^rota\\.yaml:\\d+:\\d+: jobs\\.full-dump\\.';
  assert.match(
    faults[0] ?? '',
    new RegExp(`${place}heldFor: expected a duration of at most a hundred years; got`),
  );
  assert.match(
    faults[1] ?? '',
    new RegExp(`${place}deadline: expected a duration of more than nothing; got`),
  );
  assert.equal(faults.length, 2);
});

test('what several wikis have in common may stand once: aliases and merges, faults told where they are', async () => {
  using farm = new FarmFolder();
  const wikis = (database: string) => `${outputYaml}wikis:
  aawiki: &common { database: ${database}, siteinfo: ./s.xml }
  bbwiki: *common
  ccwiki: { <<: *common, closed: true }
`;
  const { config } = await farm.load(wikis('"sqlite:./x"'));
  assert.deepEqual(
    [...config.wikis.values()].map(({ name, isClosed, database }) => [name, isClosed, database.kind]),
    [
      ['aawiki', false, 'sqlite'],
      ['bbwiki', false, 'sqlite'],
      ['ccwiki', true, 'sqlite'],
    ],
  );
  const faults = await farm.faults(wikis('5'));
  assert.equal(faults.length, 3);
  for (const [i, place] of ['3:31: wikis.aawiki', '4:11: wikis.bbwiki', '5:11: wikis.ccwiki'].entries()) {
    assert.ok(faults[i]?.startsWith(`rota.yaml:${place}.database: expected mysql:`), faults[i]);
    assert.match(faults[i] ?? '', /got the number 5$/);
  }
});

test('aliases that repeat without end, and merges of what is no map, are faults', async () => {
  using farm = new FarmFolder();
  const tens = (name: string) => Array(10).fill(name).join(', ');
  const bomb = `a: &a [${tens('x')}]\nb: &b [${tens('*a')}]\nc: &c [${tens('*b')}]\nd: &d [${tens('*c')}]\n`;
  assert.match(
    (await farm.faults(`${outputYaml}${bomb}`))[0] ?? '',
    /^rota\.yaml:1:1: its aliases .* repeat far too much/,
  );
  const merged = `${outputYaml}wikis: { x: { <<: 5 } }\n`;
  assert.match((await farm.faults(merged))[0] ?? '', /a merge \(<<\) needs a map/);
});

test('a secret is one line: the last line feed of a variable is not part of it, another is a fault', async () => {
  using farm = new FarmFolder();
  const yaml = `${outputYaml}wikis: {}
alerts: { webhook: { url: "https://a.example/", tokenVariable: TOKEN } }
`;
  const { config } = await farm.load(yaml, { TOKEN: 'sekret\n' });
  assert.equal(config.alerts.webhook?.token?.reveal(), 'sekret');
  const [, ...faults] = await farm.faults(yaml, { TOKEN: 'sekret\nsekret' });
  assert.match(faults[0] ?? '', /alerts\.webhook\.tokenVariable: this secret holds a line break/);
  assert.doesNotMatch(faults.join(), /sekret/);
  farm.write('token', '\ufeffsekret\r\nmore\n');
  const inFile = await farm.load(yaml.replace('tokenVariable: TOKEN', 'tokenFile: token'));
  assert.equal(inFile.config.alerts.webhook?.token?.reveal(), 'sekret');
  const login = await farm.faults(yaml.replace('a.example', 'u:sekret@a.example'), { TOKEN: 'x' });
  assert.match(login.at(-1) ?? '', /alerts\.webhook\.url: user and password cannot stand/);
  assert.doesNotMatch(login.join(), /sekret/);
});
