import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defaultTrackerOptions } from '../../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../src/demo/tracker/write-tracker-dump.ts';
import { runRota, signalTree, startRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

// A farm that makes reports: day after day, with bad dumps, failing scopes and processes that die.

const rotaYaml = `
output: { public: ./public, private: ./private }
wikis: {}
lease: { duration: 3s, renewEvery: 1s }
phabricator: { dump: ./tracker.dump, shrinkGuard: 10% }
scopes:
  web: { title: 'Web <b>&</b> "more" $(id)', rules: [{ rule: ProjectByID, title: Web, project: 100 }] }
  mobile: { title: Mobile, rules: [{ rule: ProjectByName, title: Mobile, match: Team Mobile }] }
`;

describe('a farm with reports', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder('report');
    await newFarm('farm');
  });
  after(() => folder[Symbol.asyncDispose]());

  async function newFarm(name: string): Promise<void> {
    await mkdir(folder.in(name));
    await writeFile(folder.in(name, 'rota.yaml'), rotaYaml);
  }

  /** The dump that is made in the night after a day. */
  async function dumpOf(farm: string, day: string, tasks = 300): Promise<string> {
    const file = folder.in(farm, 'tracker.dump');
    const options = { ...defaultTrackerOptions, tasks, asOf: day, oddities: 0.2 };
    await writeTrackerDump(file, options, { signal: new AbortController().signal });
    const made = new Date(Date.parse(`${day}T00:00:00Z`) + 26 * 3_600_000);
    await utimes(file, made, made);
    return file;
  }

  const run = (farm: string, ...args: string[]) =>
    runRota(['report', 'run', ...args], { cwd: folder.in(farm) });
  const latest = (farm: string, scope: string) =>
    readlink(folder.in(farm, 'public', 'reports', scope, 'latest'));

  it('publishes each scope as of the last whole day, with pages above them', async () => {
    await dumpOf('farm', '2026-11-20');
    const { status, stderr } = await run('farm', '--date', '20261121');
    assert.equal(status, 0, stderr);
    for (const scope of ['web', 'mobile']) {
      assert.equal(await latest('farm', scope), '2026-11-20');
      const report = JSON.parse(
        await readFile(folder.in('farm', 'public', 'reports', scope, 'latest', 'report.json'), 'utf8'),
      );
      assert.equal(report.asOf, '2026-11-20');
    }
    const index = await readFile(folder.in('farm', 'public', 'reports', 'index.html'), 'utf8');
    assert.match(index, /Web &lt;b&gt;&amp;&lt;\/b&gt; &quot;more&quot; \$\(id\)/);
    assert.doesNotMatch(index, /<b>&/);
  });

  it('refuses a truncated and a shrunken dump, and leaves the last report in place', async () => {
    const before = await digestOf(folder.in('farm', 'public', 'reports', 'web'));
    const dump = await dumpOf('farm', '2026-11-21');
    await truncate(dump, 200_000);
    const cut = await run('farm', '--date', '20261122');
    assert.equal(cut.status, 1);
    assert.match(cut.stderr, /DUMP_TRUNCATED/);
    await dumpOf('farm', '2026-11-21', 100);
    const shrunken = await run('farm', '--date', '20261122', '--force');
    assert.equal(shrunken.status, 1);
    assert.match(shrunken.stderr, /DUMP_SHRUNKEN/);
    assert.deepEqual(await digestOf(folder.in('farm', 'public', 'reports', 'web')), before);
  });

  it('goes on with the next good dump, incrementally', async () => {
    await dumpOf('farm', '2026-11-22');
    const { status, stderr } = await run('farm', '--date', '20261123');
    assert.equal(status, 0, stderr);
    assert.equal(await latest('farm', 'web'), '2026-11-22');
    const loads = await readdir(folder.in('farm', 'private', 'phabricator', 'phabricator'));
    assert.ok(
      loads.every((name) => name.endsWith('.duckdb')),
      loads.join(),
    );
  });

  it('lets a failing scope leave the others, and its own last report, alone, and says so', async () => {
    await dumpOf('farm', '2026-11-23');
    const home = folder.in('farm', 'public', 'reports', 'mobile');
    // Nothing can be put where the report of the day should go.
    await writeFile(join(home, '2026-11-23'), 'in the way');
    const { status, stderr } = await run('farm', '--date', '20261124');
    assert.equal(status, 1, stderr);
    assert.match(stderr, /mobile/);
    assert.equal(await latest('farm', 'web'), '2026-11-23');
    assert.equal(await latest('farm', 'mobile'), '2026-11-22');
    const index = await readFile(folder.in('farm', 'public', 'reports', 'index.html'), 'utf8');
    assert.match(index, /could not be made/);
  });

  it('keeps loads and answers to queries to themselves', async () => {
    const sql = (query: string) => runRota(['report', 'sql', query, '--json'], { cwd: folder.in('farm') });
    const counted = await sql('SELECT count(*) AS n FROM task');
    assert.deepEqual(JSON.parse(counted.stdout.toString()), { n: '300' });
    for (const query of [
      `SELECT * FROM read_text('${folder.in('farm', 'rota.yaml')}')`,
      `COPY task TO '${folder.in('farm', 'stolen.csv')}'`,
      `ATTACH '${folder.in('farm', 'x.duckdb')}'`,
      'SET enable_external_access = true',
      'DELETE FROM task',
    ]) {
      const { status, stderr } = await sql(query);
      assert.equal(status, 2, query);
      assert.match(stderr, /REPORT_SQL/);
    }
  });

  it('is killed at each of its stages, goes on, and ends with the report that it would have made', async () => {
    await newFarm('whole');
    await dumpOf('whole', '2026-11-20');
    assert.equal((await run('whole', '--date', '20261121')).status, 0);
    await dumpOf('whole', '2026-11-22');
    assert.equal((await run('whole', '--date', '20261123')).status, 0);

    await newFarm('killed');
    await dumpOf('killed', '2026-11-20');
    await killedAt(folder.in('killed'), '20261121', [
      /download +done/,
      /load +done/,
      /check +done/,
      /publish +done/,
      /render +done/,
    ]);
    await dumpOf('killed', '2026-11-22');
    await killedAt(folder.in('killed'), '20261123', [
      /download +done/,
      /load +done/,
      /check +done/,
      /publish +done/,
      /render +done/,
    ]);
    for (const scope of ['web', 'mobile']) {
      for (const day of ['2026-11-20', '2026-11-22']) {
        const [expected, found] = await Promise.all(
          ['whole', 'killed'].map((farm) => digestOf(folder.in(farm, 'public', 'reports', scope, day))),
        );
        assert.deepEqual(found, expected, `${scope} ${day}`);
      }
      assert.equal(await latest('killed', scope), '2026-11-22');
    }
  });

  /** Kills the command after each of these lines was printed, and at last lets it come to its end. */
  async function killedAt(cwd: string, date: string, lines: readonly RegExp[]): Promise<void> {
    for (const line of [...lines, null]) {
      for (;;) {
        const child = startRota(['report', 'run', '--date', date], { cwd });
        let text = '';
        child.stderr?.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (line?.test(text)) signalTree(child, 'SIGKILL');
        });
        const result = await child;
        // The lease of the one that was killed has to end first.
        if (/RUN_BUSY|RUN_WAITS/.test(text)) continue;
        if (line === null) assert.ok(result.exitCode === 0 || result.exitCode === 4, text);
        break;
      }
    }
  }
});

/** The digest of every file of a folder, but for what tells when it was loaded. */
async function digestOf(path: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const text = (await readFile(file, 'utf8')).replaceAll(
      /"loadedAt": "[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+Z|loaded [^<]*/g,
      '',
    );
    if (entry.name === 'failed.json' || (file.endsWith('index.html') && entry.parentPath === path)) continue;
    found[file.slice(path.length)] = createHash('sha256').update(text).digest('hex');
  }
  return found;
}
