// Every command of the table on one farm: with --json whatever it prints is lines of JSON, without it is text of at
// most 80 columns, without colours, for nobody is at a terminal. A command that is not listed here fails the test.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { commands } from '../../src/cli/commands/index.ts';
import { commandTable } from '../../src/cli/completion/command-table.ts';
import { displayWidth } from '../../src/cli/output/table.ts';
import { makeProgram, runCommandLine } from '../../src/cli/program.ts';
import { CapturedStream } from '../../src/cli/testing.ts';
import { systemClock } from '../../src/core/clock.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const run = 'full-dump/frwiki/20260101';
const dump = 'public/frwiki/20260101/frwiki-20260101-pages-meta-history.xml.zst';
const ledger = 'public/frwiki/20260101/frwiki-20260101-pages-meta-history.ledger.zst';

/**
 * What it prints on standard output: `maybe` is data where there are any; `file` is text or bytes that are a file of their
 * own, whatever is asked for.
 */
type Prints = 'data' | 'maybe' | 'nothing' | 'file';

interface Step {
  readonly line: string;
  readonly prints: Prints;
  /** Where it is not 0. */
  readonly status?: number;
  /** It changes nothing, so it is also run for people. */
  readonly reads?: true;
}

const step = (line: string, prints: Prints, status?: number): Step => ({
  line,
  prints,
  ...(status === undefined ? {} : { status }),
});
const read = (line: string, status?: number): Step => ({ ...step(line, 'data', status), reads: true });

const walk: readonly Step[] = [
  step(
    'demo wiki frwiki.sqlite --name frwiki --siteinfo frwiki.json --pages 40 --revisions 120 --mean-bytes 300',
    'data',
  ),
  step('demo tracker tracker.dump --tasks 120 --as-of 2026-11-20', 'data'),
  step('init --config other/rota.yaml', 'data'),
  step('config check', 'maybe'),
  step('config show', 'data'),
  step('config schema', 'file'),
  read('doctor', 3),
  step('export frwiki --current -o current.xml.zst', 'nothing'),
  step('dump frwiki --date 20260101', 'data'),
  read('dump frwiki --date 20260101 --dry-run'),
  read('dump redact frwiki --rev 3 --comment --dry-run'),
  read('dump withdraw frwiki 20260101 --dry-run'),
  step('changes mark frwiki --date 20260101', 'data'),
  read('changes run frwiki --date 20260102 --dry-run', 4),
  read('changes catch-up --dry-run'),
  step('changes index', 'data'),
  step(`changes apply ${dump} missing --ledger ${ledger} -o new.xml.zst --dry-run`, 'nothing', 1),
  read(`xml check ${dump}`),
  read(`xml find-page ${dump} --id 3`),
  read(`xml last-page ${dump}`),
  read(`xml last-rev ${dump}`),
  read(`xml count ${dump}`),
  step('xml show-crcs no.xml.bz2', 'nothing', 2),
  read(`xml diff ${dump} current.xml.zst`, 3),
  step(`xml verify ${dump} --ledger ${ledger}`, 'maybe'),
  step(`xml cat ${dump} --to-page 3`, 'file'),
  step(`xml recompress ${dump} -o again.xml.gz`, 'nothing'),
  step(`xml split ${dump} --pages 20 -o parts`, 'data'),
  step(`xml merge ${dump} -o merged.xml.gz`, 'nothing'),
  step(`xml repair ${dump} -o mended.xml.gz`, 'data', 4),
  read('compare public/frwiki/20260101'),
  step('report load --date 20261121', 'data'),
  step('report run --date 20261121 -s web', 'data'),
  step('report preview web.yaml -o try', 'data'),
  step('report build web.yaml --dump tracker.dump -o built', 'data'),
  read('report sql SELECT~1~AS~n'),
  step('push prod', 'data'),
  read('deploy status'),
  read('deploy plan'),
  read('deploy history'),
  step('deploy verify', 'nothing'),
  read('deploy log'),
  read('deploy where index.php'),
  step('deploy pools', 'nothing', 2),
  step('deploy pool --hosts h1', 'nothing', 2),
  step('deploy depool --hosts h1', 'nothing', 2),
  step('deploy lock --reason rest', 'maybe'),
  step('deploy unlock', 'maybe'),
  step('deploy adopt --reason old', 'maybe'),
  step('deploy rollback', 'maybe', 2),
  step('deploy resume', 'maybe', 1),
  step('deploy promote', 'maybe', 1),
  step('deploy repair', 'data'),
  step('deploy catch-up', 'maybe', 4),
  read('status'),
  read('why frwiki'),
  read(`attach ${run}`),
  read('run list'),
  read(`run show ${run}`),
  read(`run log ${run}`),
  step(`run resume ${run}`, 'nothing', 1),
  step(`run retry ${run}`, 'nothing', 1),
  step(`run pause ${run}`, 'nothing', 1),
  step(`run hold ${run}`, 'nothing', 1),
  step(`run cancel ${run}`, 'nothing', 1),
  step(`run approve ${run}`, 'nothing', 1),
  step(`run reject ${run}`, 'nothing', 1),
  step(`run unlock ${run}`, 'maybe', 4),
  step('pause frwiki', 'data'),
  step('resume frwiki', 'data'),
  read('schedule list'),
  read('schedule catch-up --dry-run --within 40d'),
  step('token add ann --role view', 'data'),
  read('token list'),
  step('token revoke ann', 'maybe'),
  step('worker drain host9', 'data'),
  step('worker undrain host9', 'data'),
  step('worker --once', 'data'),
  step('monitor --once', 'maybe'),
  step('store new-generation --yes', 'data'),
  step('store migrate sqlite:./rota.db sqlite:./moved.db', 'maybe', 2),
  step('import phlogiston old -o scopes --dry-run', 'maybe'),
  step('import scap old -o new.yaml --dry-run', 'file'),
  step('import wikidump.conf old/wikidump.conf -o new.yaml --dry-run', 'file'),
  step('demo day frwiki.sqlite', 'data'),
  read('explain'),
  read('explain RUN_BUSY'),
  step('completion bash', 'file'),
];

/** What goes on until it is told to stop, or makes a farm of its own; other tests look at what they print. */
const elsewhere = ['up', 'serve', 'demo', 'demo farm'];

describe('every command', () => {
  let folder: TemporaryFolder;

  before(async () => {
    folder = await temporaryFolder('every-command');
    for (const name of ['code', 'old/scap', 'targets', 'other']) {
      await mkdir(folder.in(...name.split('/')), { recursive: true });
    }
    await writeFile(folder.in('old', 'scap', 'scap.cfg'), '[global]\ngit_repo: x\ndsh_targets: hosts\n');
    await writeFile(folder.in('code', 'index.php'), '<?php');
    await writeFile(folder.in('no.xml.bz2'), 'none');
    await writeFile(folder.in('web.yaml'), stringify(scope));
    await writeFile(folder.in('old', 'scap', 'hosts'), 'h1\n');
    await writeFile(folder.in('old', 'a_scope.py'), "scope_title = 'A'\nbackfill = False\n");
    await writeFile(folder.in('old', 'a_recategorization.csv'), 'id,type,title,match\n');
    await writeFile(
      folder.in('old', 'wikidump.conf'),
      '[wiki]\ndblist=all.dblist\n[output]\npublic=/srv/public\n',
    );
    await writeFile(folder.in('rota.yaml'), stringify(config));
  });
  after(() => folder[Symbol.asyncDispose]());

  const rota = async (args: readonly string[]) => {
    const [stdout, stderr] = [new CapturedStream(), new CapturedStream()];
    const status = await runCommandLine(args, {
      io: { stdout, stderr, env: { PATH: process.env.PATH ?? '', HOME: folder.path }, cwd: folder.path },
      clock: systemClock,
      signal: new AbortController().signal,
      version: '0.1.0',
      commands,
    });
    return { status, stdout: stdout.text, stderr: stderr.text };
  };
  /** A tilde is a space within a word. */
  const wordsOf = (line: string) => line.split(' ').map((word) => word.replaceAll('~', ' '));

  it('is walked here', () => {
    const { program } = makeProgram({
      io: { stdout: new CapturedStream(), stderr: new CapturedStream(), env: {}, cwd: '/' },
      clock: systemClock,
      signal: new AbortController().signal,
      version: '0.1.0',
      commands,
    });
    const table = commandTable(program).map(({ words }) => words.join(' '));
    const isGroup = (name: string) =>
      table.some((other) => other.startsWith(`${name} `)) && !callable.includes(name);
    const all = table.filter((name) => name !== '' && !/(^| )help$/.test(name) && !isGroup(name));
    const walked = (name: string) => walk.some(({ line }) => `${line} `.startsWith(`${name} `));
    assert.deepEqual(
      all.filter((name) => !walked(name) && !elsewhere.includes(name)),
      [],
    );
  });

  it('prints lines of JSON where it is asked to, and for people 80 columns without colours', {
    skip: requires('git'),
  }, async () => {
    const faults: string[] = [];
    for (const { line, prints, status: expected = 0, reads } of walk) {
      const { status, stdout, stderr } = await rota(['--json', ...wordsOf(line)]);
      const say = (fault: string) =>
        faults.push(`${line}: ${fault}\n${stdout.slice(0, 300)}${stderr.slice(0, 600)}`);
      if (status !== expected && !(expected === 0 && status === 3)) say(`exit status ${status}`);
      const lines = stdout.split('\n').filter((text) => text !== '');
      if (prints === 'nothing' && lines.length > 0) say('prints something');
      if (prints === 'data' && lines.length === 0 && expected === 0) say('prints nothing');
      if (prints !== 'file' && !lines.every(isJson)) say('is not JSON');
      if (reads === undefined) continue;
      const { stdout: text } = await rota(wordsOf(line));
      if (text.includes('\x1b')) faults.push(`${line}: has colours`);
      // Names of files and messages are as long as they are.
      const wide = text
        .split('\n')
        .filter(
          (one) =>
            displayWidth(one) > 80 &&
            !/\.(xml|gz|png)|rota changes mark/.test(one) &&
            !one.includes(folder.path),
        );
      if (wide.length > 0) faults.push(`${line}: is wider than 80 columns: ${wide[0]}`);
    }
    assert.deepEqual(faults, []);
  });
});

/** Commands that do something themselves and have others below them. */
const callable = ['dump', 'worker'];

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

const scope = { title: 'Web', rules: [{ rule: 'ProjectByID', title: 'Web', project: 100 }] };
const config = {
  output: { public: './public', private: './private' },
  wikis: { frwiki: { database: 'sqlite:./frwiki.sqlite', siteinfo: './frwiki.json' } },
  environments: {
    prod: {
      source: './code',
      path: '/srv/wiki',
      hosts: ['h1', 'h2'].map((name) => `local:./targets/${name}`),
      slots: { minAge: '0s', unseenProcesses: 'ignore', spare: false },
    },
  },
  phabricator: { dump: './tracker.dump' },
  scopes: { web: './web.yaml' },
  jobs: {
    'full-dump': {
      outputs: ['stubs', 'articles', 'history', 'titles'],
      schedule: '0 2 1 * *',
      compression: { articles: 'zst', current: 'zst', history: 'zst' },
    },
  },
};
