import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { programText, type TargetProgram } from '../target-program.ts';
import { adopt } from './adopt.ts';
import { finalize } from './finalize.ts';
import { observe, parseObservation } from './observe.ts';
import { onHost } from './on-host.ts';
import { phpConditions } from './php-conditions.ts';
import { prepare } from './prepare.ts';
import { promote } from './promote.ts';
import { publishAssets } from './publish-assets.ts';
import { rebuildCdb } from './rebuild-cdb.ts';
import { incomingPath, install, unpack } from './receive.ts';
import { receiveFiles } from './receive-files.ts';
import { fetchPack, offer, withdraw } from './relay.ts';
import { parseDrift, verify } from './verify.ts';
import { parseFileDrift } from './verify-files.ts';

/** Every program, made of values that would do harm inside a script. */
function programsOf(text: string): readonly TargetProgram[] {
  const fence = { store: text, generation: 1, counter: 7 };
  const site = { path: `/srv/${text}`, deadlineMs: 60_000, fence };
  const slots = { keep: 3, minAgeMs: 90_500, unseenProcesses: 'in-use', spare: true } as const;
  return [
    observe({ ...site, prove: 'stat' }),
    install({ ...site, instance: text }),
    unpack({ ...site, pack: null, sha256: text, version: text, commit: text }),
    prepare({
      ...site,
      slot: text,
      commit: text,
      description: Buffer.from(text),
      record: Buffer.from(text),
      ...slots,
      content: [{ kind: 'file', path: 'a/b', mode: '0640', group: text, bytes: Buffer.from(text) }],
    }),
    publishAssets({ ...site, commit: text, hash: text, seconds: 1, paths: [text], keep: 1, prove: true }),
    rebuildCdb({ ...site, slot: text, roots: [text], php: text, threads: 2, prove: true }),
    promote({ ...site, slot: text, run: text }),
    finalize({ ...site, ...slots }),
    verify({ ...site, content: true, assets: [text] }),
    adopt({ ...site, note: text }),
    offer({ ...site, sha256: text, publicKey: text, addresses: [text], authorizedKeys: text }),
    ...[
      { kind: 'command', command: text } as const,
      {
        kind: 'ssh',
        key: { publicKey: text, privateKey: Buffer.from(text) },
        user: text,
        address: text,
        port: 22,
        own: text,
      } as const,
    ].map((way) => fetchPack({ ...site, sha256: text, bytes: 9, from: text, way, timeoutMs: 1_500 })),
    withdraw({ ...site, authorizedKeys: text }),
    phpConditions({ fpm: text, fpmConfig: text, strategy: text, unit: text, hostPhp: text, deadlineMs: 9 }),
    onHost({ ...site, name: 'restart', command: text, host: text, version: text, mutates: true }),
  ];
}

/** The same where hosts have no git. */
function fileProgramsOf(text: string): readonly TargetProgram[] {
  const fence = { store: text, generation: 1, counter: 7 };
  const site = { path: `/srv/${text}`, deadlineMs: 60_000, fence, holds: 'files' } as const;
  const slots = { keep: 3, minAgeMs: 90_500, unseenProcesses: 'in-use', spare: true } as const;
  return [
    observe({ ...site, prove: 'stat' }),
    install({ ...site, instance: text }),
    receiveFiles({ ...site, ...slots }),
    prepare({
      ...site,
      slot: text,
      commit: text,
      description: Buffer.from(text),
      record: Buffer.from(text),
      ...slots,
      content: [],
      manifest: { digest: text, version: text, isLastTry: true },
    }),
    publishAssets({ ...site, commit: text, hash: text, seconds: 1, paths: [text], keep: 1, prove: true }),
    promote({ ...site, slot: text, run: text }),
    finalize({ ...site, ...slots }),
    verify({ ...site, content: true, assets: [text] }),
  ];
}

test('programs for hosts without git take the same precautions, and start no git', () => {
  const [plain, hostile] = [fileProgramsOf('wiki'), fileProgramsOf(`'; $(touch /tmp/owned) \`x\`\n-rf`)];
  assert.deepEqual(
    hostile.map((program) => program.script),
    plain.map((program) => program.script),
  );
  for (const program of fileProgramsOf(`it's`)) {
    execFileSync('/bin/sh', ['-n'], { input: programText(program) });
    if (program.mutates) assert.match(program.script, /flock 9[\s\S]* die 62 /);
    // What is never called there, or only where git is: what every program begins with, and what install does for git.
    const own = program.script
      .replace(/^slotgit\(\).*$/m, '')
      .replace(/^if \[ "\$2" = git \][\s\S]*?^fi$/m, '');
    assert.doesNotMatch(own, /(^|[ (;&|])git /m, program.name);
  }
});

test('what differs where files were brought by rsync is read from lists', () => {
  const sums = 's1\tok\tp/k\tx\n';
  const sections = [
    'd755 gone\0f644 gone/file\0f644 mode\0f644 type\0l link//a\0',
    'f600 mode\0d755 type\0l link//b\0f644 new\nline\0l VERSION.json//x\0l p/k//x\0d755 p\0',
    `${'a'.repeat(64)}  gone/file\0${'b'.repeat(64)}  content\0`,
    '.\0',
    './owned\nby others\0',
    sums,
    's9\tok\tp/k\tx\n',
    'wiki-assets/h\0',
    `${'c'.repeat(64)}  ./js/a\0${'d'.repeat(64)}  ./js/b\0`,
    `${'e'.repeat(64)}  ./js/a\0l ./js/c//d\0`,
  ];
  assert.deepEqual(
    parseFileDrift(Buffer.from(sections.join('X\0\0'))).map(({ kind, path }) => `${kind} ${path}`),
    [
      'mode .',
      'modified content',
      'deleted gone/file',
      'modified link',
      'mode mode',
      'added new\nline',
      'owner owned\nby others',
      'modified p/k',
      'type type',
      'modified wiki-assets/h/js/a',
      'deleted wiki-assets/h/js/b',
      'added wiki-assets/h/js/c',
    ],
  );
});

test('values travel as parameters only: no script depends on one', () => {
  const [plain, hostile] = [programsOf('wiki'), programsOf(`'; $(touch /tmp/owned) \`x\`\n-rf`)];
  assert.deepEqual(
    hostile.map((program) => program.script),
    plain.map((program) => program.script),
  );
});

test('every program is understood by the shell', () => {
  for (const program of programsOf(`it's`)) {
    execFileSync('/bin/sh', ['-n'], { input: programText(program) });
  }
});

test('only looking is told from changing', () => {
  const changing = programsOf('wiki').filter((program) => program.mutates);
  assert.deepEqual(
    changing.map((program) => program.name),
    [
      'install',
      'unpack',
      'prepare',
      'assets',
      'rebuild cdb',
      'promote',
      'finalize',
      'adopt',
      'offer',
      'fetch',
      'fetch',
      'withdraw',
      'restart',
    ],
  );
  for (const { name, script } of changing) {
    if (name === 'restart') continue;
    assert.match(script, /exec 9>"\$S\/lock"; flock 9/, `${name} takes the lock of the target`);
    if (name !== 'adopt') assert.match(script, /die 62 /, `${name} refuses an older deployer`);
  }
});

test('promote is one program with the slot and the run behind path and fence', () => {
  const fence = { store: 'store', generation: 2, counter: 9 };
  const { args, deadlineMs, inputs } = promote({
    path: '/srv/wiki',
    deadlineMs: 5,
    fence,
    slot: 'abc',
    run: 'deploy/prod/1',
  });
  assert.deepEqual(args, ['/srv/wiki', 'store', '2', '9', 'abc', 'deploy/prod/1']);
  assert.equal(deadlineMs, 5);
  assert.equal(inputs, undefined);
});

test('prepare is told ages in whole seconds, and never less than asked', () => {
  const fence = { store: 'store', generation: 1, counter: 1 };
  const { args, inputs } = prepare({
    path: '/srv/wiki',
    deadlineMs: 5,
    fence,
    slot: 'slot',
    commit: 'commit',
    description: Buffer.from('{}'),
    record: Buffer.from('r'),
    keep: 4,
    minAgeMs: 90_500,
    unseenProcesses: 'ignore',
    content: [
      {
        kind: 'file',
        path: 'private/keys.php',
        mode: '0640',
        group: 'www-data',
        bytes: Buffer.from('secret'),
      },
      { kind: 'folder', path: 'images', mode: '0755', group: null, bytes: null },
    ],
  });
  // No secret among them: lists of processes and logs show arguments.
  assert.deepEqual(args, ['/srv/wiki', 'store', '1', '1', 'slot', 'commit', '4', '91', 'ignore', 'make']);
  const list =
    'f\t0640\twww-data\tprivate/keys.php\t../../slot.site/private/keys.php\n' +
    'd\t0755\t-\timages\t../../../wiki-shared/images\n';
  assert.deepEqual(inputs, [
    { name: 'version', bytes: Buffer.from('{}') },
    { name: 'record', bytes: Buffer.from('r') },
    { name: 'list', bytes: Buffer.from(list) },
    { name: 'file-0', bytes: Buffer.from('secret') },
  ]);
});

test('a pack lies where it was sent to', () => {
  assert.equal(incomingPath('/srv/wiki', 'ab12'), '/srv/wiki-cache/incoming/ab12.pack');
});

test('an observation of a host that was never deployed to, and of one that was', () => {
  const fresh = parseObservation(Buffer.from('missing flock\nlink absent\nfree 1000\n'));
  assert.deepEqual(
    { ...fresh, slots: fresh.slots.size, commits: fresh.commits.size },
    {
      instance: null,
      user: null,
      link: 'absent',
      current: null,
      previous: null,
      slots: 0,
      commits: 0,
      fence: null,
      intact: null,
      freeBytes: 1_024_000,
      freeInodes: null,
      missing: ['flock'],
    },
  );
  const text =
    'link link\ninstance i\ncurrent a.2\nprevious \nfence s 1 7\nslot a.2 a\ncommit a v1\nintact no\nfree 1\ninodes 5\n';
  const known = parseObservation(Buffer.from(text));
  assert.equal(known.slots.get('a.2'), 'a');
  assert.equal(known.commits.get('a'), 'v1');
  assert.deepEqual(known.fence, { store: 's', token: '1.7' });
  assert.deepEqual([known.current, known.previous, known.intact, known.freeInodes], ['a.2', null, false, 5]);
  assert.throws(() => parseObservation(Buffer.from('hello\n')), /a target describes itself as/);
});

test('differences are read from the lists, whatever the names', () => {
  const lists = ['M\0a\nb\0D\0c\0', 'VERSION.json\0new\0p/k\0images\0', './d\0', './e\nf\0'];
  const made = 's1\tok\tp/k\tx\n-\tok\timages\ty\ns2\tok\tconf\tz\n';
  const now = 's9\tok\tp/k\tx\n-\tmissing\timages\ty\ns2\tmode\tconf\tz\n';
  assert.deepEqual(parseDrift(Buffer.from([...lists, made, now].join('X\0\0'))), [
    { path: 'a\nb', kind: 'modified' },
    { path: 'c', kind: 'deleted' },
    { path: 'conf', kind: 'mode' },
    { path: 'd', kind: 'mode' },
    { path: 'e\nf', kind: 'owner' },
    { path: 'images', kind: 'deleted' },
    { path: 'new', kind: 'added' },
    { path: 'p/k', kind: 'modified' },
  ]);
});
