import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { defaultTrackerOptions } from '../../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../src/demo/tracker/write-tracker-dump.ts';
import { requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

// Scope files in a git checkout that is brought up to date before each load: what comes in, and what must not.

const scopeFile = (title: string, project: number) =>
  `title: ${title}\nrules:\n  - { rule: ProjectByID, title: ${title}, project: ${project} }\n`;

describe('scope files in a git checkout', { skip: requires('git') }, () => {
  let folder: TemporaryFolder;
  let day = 1;

  before(async () => {
    folder = await temporaryFolder('scopes');
    await git('.', 'init', '--quiet', '--bare', 'upstream.git');
    await git('.', 'clone', '--quiet', 'upstream.git', 'team');
    await mkdir(folder.in('team', 'reports'));
    await commit({ 'web.yaml': scopeFile('Web', 100) });
    await mkdir(folder.in('farm'));
    await git('.', 'clone', '--quiet', 'upstream.git', 'farm/config');
    await writeFile(
      folder.in('farm', 'rota.yaml'),
      `
output: { public: ./public, private: ./private }
wikis: {}
phabricator: { dump: ./tracker.dump }
scopeFiles: { folder: ./config/reports, pull: true }
groups: { all: { title: All, scopes: [web] } }
`,
    );
    const options = { ...defaultTrackerOptions, tasks: 150, asOf: '2026-10-31' };
    await writeTrackerDump(folder.in('farm', 'tracker.dump'), options, {
      signal: new AbortController().signal,
    });
  });
  after(() => folder[Symbol.asyncDispose]());

  async function git(where: string, ...args: readonly string[]): Promise<void> {
    const identity = [
      '-c',
      'user.name=Tester',
      '-c',
      'user.email=tester@example.org',
      '-c',
      'protocol.file.allow=always',
    ];
    await execa('git', [...identity, ...args], { cwd: folder.in(where) });
  }

  /** The team writes files (null removes one) and pushes them. */
  async function commit(files: Readonly<Record<string, string | null>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const file = folder.in('team', 'reports', name);
      if (text === null) await rm(file);
      else await writeFile(file, text);
    }
    await git('team', 'add', '--all');
    await git('team', 'commit', '--quiet', '-m', 'change');
    await git('team', 'push', '--quiet', 'origin', 'HEAD');
  }

  /** Another day: what the command says, and how it ends. */
  async function run(command: 'load' | 'run'): Promise<{ status: number; text: string }> {
    const date = `202611${String(day).padStart(2, '0')}`;
    day += 1;
    const { status, stdout, stderr } = await runRota(['report', command, '--date', date], {
      cwd: folder.in('farm'),
    });
    return { status, text: `${stdout}${stderr}` };
  }

  const titleOf = async (scope: string) =>
    JSON.parse(await readFile(folder.in('farm', 'public', 'reports', scope, 'latest', 'report.json'), 'utf8'))
      .title;
  const checkedOut = (name: string) => readFile(folder.in('farm', 'config', 'reports', name), 'utf8');

  it('are pulled before the load, and the same day’s reports follow them', async () => {
    await commit({ 'web.yaml': scopeFile('The web', 100), 'mobile.yaml': scopeFile('Mobile', 110) });
    const { status, text } = await run('run');
    assert.equal(status, 0, text);
    assert.equal(await titleOf('web'), 'The web');
    assert.equal(await titleOf('mobile'), 'Mobile');
  });

  it('stay as they were when the newest are faulty: each fault is told with its line, and the farm is not stopped', async () => {
    await commit({ 'web.yaml': 'title: Web\nrules:\n  - { rule: ProjectById, project: 100 }\n' });
    const { status, text } = await run('run');
    assert.equal(status, 3, text);
    assert.match(text, /SCOPE_INVALID.*web\.yaml:3:.*ProjectByI[dD]/);
    assert.equal(await checkedOut('web.yaml'), scopeFile('The web', 100));
    assert.equal((await runRota(['config', 'check'], { cwd: folder.in('farm') })).status, 0);
    assert.equal(await titleOf('web'), 'The web');

    await commit({ 'web.yaml': null, 'site.yaml': scopeFile('Site', 100) });
    assert.match((await run('load')).text, /SCOPE_INVALID.*the group all of rota\.yaml names web/);
    await commit({
      'web.yaml': scopeFile('Web', 100),
      'site.yaml': null,
      'no scope.yaml': scopeFile('No', 100),
    });
    assert.match((await run('load')).text, /SCOPE_INVALID.*no scope\.yaml names no scope/);

    await commit({ 'no scope.yaml': null });
    assert.equal((await run('load')).status, 0);
    assert.equal(await checkedOut('web.yaml'), scopeFile('Web', 100));
  });

  it('stay as they were when somebody changed the same file in the checkout', async () => {
    await appendFile(folder.in('farm', 'config', 'reports', 'web.yaml'), '# mine\n');
    await commit({ 'web.yaml': scopeFile('Theirs', 100) });
    const { status, text } = await run('load');
    assert.equal(status, 3, text);
    assert.match(text, /SCOPES_NOT_PULLED.*local changes.*web\.yaml/);
    assert.match(await checkedOut('web.yaml'), /# mine/);
    await git('farm/config', 'checkout', '--quiet', '--', '.');
    assert.equal((await run('load')).status, 0);
    assert.equal(await checkedOut('web.yaml'), scopeFile('Theirs', 100));
  });

  it('stay as they were when the repository is not reached', async () => {
    await rename(folder.in('upstream.git'), folder.in('elsewhere.git'));
    const { status, text } = await run('load');
    assert.equal(status, 3, text);
    assert.match(text, /SCOPES_NOT_PULLED.*upstream\.git/);
    assert.equal(await checkedOut('web.yaml'), scopeFile('Theirs', 100));
  });
});
