import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { defaultTrackerOptions } from '../../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../src/demo/tracker/write-tracker-dump.ts';
import type { ReportJson } from '../../src/jobs/report/pages/data/report-json.ts';
import { cannotMount, mountNamespace } from '../support/mount-namespace.ts';
import { runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { ReportFarm } from './farm.ts';

// `rota report` with nothing but a dump and a scope file, and what its options choose.

const web = `title: Web
startDate: 2026-06-01
rules:
  - { rule: ProjectColumn, title: In review, project: 100, match: Review }
  - { rule: ProjectByID, title: Web, project: 100 }
`;

describe('rota report', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder('commands');
    const options = { ...defaultTrackerOptions, tasks: 300, asOf: '2026-11-20', oddities: 0.2 };
    await writeTrackerDump(folder.in('tracker.dump'), options, { signal: new AbortController().signal });
    await writeFile(folder.in('web.yaml'), web);
  });
  after(() => folder[Symbol.asyncDispose]());

  const rota = (...args: readonly string[]) => runRota(['report', ...args], { cwd: folder.path });
  const build = (...args: readonly string[]) => rota('build', 'web.yaml', '--dump', 'tracker.dump', ...args);
  const reportIn = async (name: string): Promise<ReportJson> =>
    JSON.parse(await readFile(folder.in(name, 'report.json'), 'utf8'));

  it('makes a report of a dump and a scope file alone, as of the newest day or any before', async () => {
    const newest = await build('-o', 'newest');
    assert.equal(newest.status, 0, newest.stderr);
    const earlier = await build('-o', 'earlier', '--as-of', '2026-09-30');
    assert.equal(earlier.status, 0, earlier.stderr);
    assert.equal((await reportIn('newest')).asOf, '2026-11-20');
    assert.equal((await reportIn('earlier')).asOf, '2026-09-30');

    // What was true then, by what is known now: the same day's numbers in both.
    const countsOf = async (name: string) => {
      const lines = (await readFile(folder.in(name, 'data', 'daily-counts.csv'), 'utf8'))
        .trim()
        .split(/\r?\n/);
      return lines.filter((line) => line.startsWith('2026-09-30'));
    };
    const [now, then] = [await countsOf('newest'), await countsOf('earlier')];
    assert.ok(then.length >= 2, then.join());
    assert.deepEqual(now, then);
    const after = (await readFile(folder.in('earlier', 'data', 'daily-counts.csv'), 'utf8')).includes(
      '2026-10-01',
    );
    assert.equal(after, false);
  });

  it('leaves an older report, and any other folder, as it is when it fails', async () => {
    const before = await readdir(folder.in('newest'));
    await writeFile(
      folder.in('broken.yaml'),
      'title: Web\nrules:\n  - { rule: ProjectById, project: 100 }\n',
    );
    const broken = await rota('build', 'broken.yaml', '--dump', 'tracker.dump', '-o', 'newest');
    assert.equal(broken.status, 2);
    assert.match(broken.stderr, /broken\.yaml:3:/);
    assert.deepEqual(await readdir(folder.in('newest')), before);

    const other = await build('-o', '.');
    assert.equal(other.status, 2);
    assert.match(other.stderr, /is not replaced, because it holds something else than a report/);
    assert.equal(await readFile(folder.in('web.yaml'), 'utf8'), web);
    assert.doesNotMatch(other.stderr, /tasks, \d+ transactions/, 'it was refused before the dump was read');
    for (const day of ['yesterday', '2026-02-31']) {
      assert.equal((await build('-o', 'x', '--as-of', day)).status, 2, day);
    }
    const script = await build('-o', 'x', '--tracker', 'javascript:alert(1)');
    assert.equal(script.status, 2);
    assert.match(script.stderr, /--tracker .* is no address/);
    const named = await rota('build', 'nobody', '--dump', 'tracker.dump', '-o', 'x');
    assert.equal(named.status, 2);
    assert.match(named.stderr, /CONFIG_NOT_FOUND.*without one a scope is a file: nobody\.yaml/);
    const folderAsDump = await rota('build', 'web.yaml', '--dump', '.', '-o', 'x');
    assert.equal(folderAsDump.status, 1);
    assert.match(folderAsDump.stderr, /FILE_UNREADABLE.*it is a folder/);
    const nowhere = await build('-o', '/proc/rota-none/report');
    assert.equal(nowhere.status, 1);
    assert.match(nowhere.stderr, /FILE_UNWRITABLE: Cannot make the folder \/proc\//);
    assert.doesNotMatch(nowhere.stderr, /tasks, \d+ transactions/, 'it was refused before the dump was read');
    const unread = await rota('build', 'web.yaml', '--dump', 'nowhere.dump', '-o', 'x');
    assert.equal(unread.status, 1);
    assert.match(unread.stderr, /FILE_UNREADABLE.*nowhere\.dump/);
  });

  it('made twice at once stays whole: one takes its place, the other may say that it came too late', async () => {
    const two = await Promise.all([build('-o', 'same'), build('-o', 'same')]);
    assert.ok(two.some(({ status }) => status === 0));
    for (const { status, stderr } of two) {
      if (status !== 0) assert.match(stderr, /FILE_UNWRITABLE: Cannot put the report in place at .*same/);
    }
    assert.equal((await reportIn('same')).asOf, '2026-11-20');
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.startsWith('.')),
      [],
    );
  });

  it('loads a dump into no other file than an older load, and leaves nothing when the disk is full', async () => {
    const dump = await readFile(folder.in('tracker.dump'));
    const over = await rota('load', 'tracker.dump', '-o', 'tracker.dump');
    assert.equal(over.status, 2);
    assert.match(over.stderr, /is not replaced, because it is something else than a loaded tracker/);
    assert.ok(dump.equals(await readFile(folder.in('tracker.dump'))));
    for (const again of [1, 2]) {
      const loaded = await rota('load', 'tracker.dump', '-o', 'again.duckdb');
      assert.equal(loaded.status, 0, `${again}: ${loaded.stderr}`);
    }
    if (cannotMount() !== false) return;
    const script = `
      mkdir small && mount -t tmpfs -o size=100k tmpfs small && cd small
      "$NODE" "$ROTA" report load ../tracker.dump -o small.duckdb; echo "status $?"; ls -A`;
    const { stdout, stderr } = await execa('unshare', [...mountNamespace(), 'sh', '-c', script], {
      cwd: folder.path,
      env: { NODE: process.execPath, ROTA: resolve(import.meta.dirname, '../../bin/rota.mjs') },
      reject: false,
    });
    assert.match(stderr, /DISK_FULL: Cannot write .*small\.duckdb/);
    assert.equal(stdout, 'status 1');
  });

  it('shows what edited rules catch on loaded data, and names those that can match nothing', async () => {
    const loaded = await rota('load', 'tracker.dump', '-o', 'tracker.duckdb');
    assert.equal(loaded.status, 0, loaded.stderr);
    await writeFile(
      folder.in('edited.yaml'),
      `${web}  - { rule: ProjectByName, title: Nobody, match: No such project }\n`,
    );
    const { status, stdout, stderr } = await rota(
      'preview',
      'edited.yaml',
      '--data',
      'tracker.duckdb',
      '-o',
      'try',
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout.toString(), /ProjectByID +Web +show +\d+/);
    assert.match(stderr, /edited\.yaml:6: ProjectByName finds no project "No such project"/);
    assert.deepEqual((await reportIn('try')).count.whole.total > 0, true);
    const sql = await rota('sql', 'SELECT count(*) AS n FROM task', '--data', 'tracker.duckdb', '--json');
    const { task } = JSON.parse(await readFile(folder.in('tracker.dump'), 'utf8'));
    assert.deepEqual(JSON.parse(sql.stdout.toString()), { n: String(Object.keys(task).length) });
    const ahead = await rota(
      'preview',
      'web.yaml',
      '--data',
      'tracker.duckdb',
      '-o',
      'try',
      '--as-of',
      '2026-12-24',
    );
    assert.match(
      ahead.stderr,
      /newest change in the data is of 2026-11-20; the days from then to 2026-12-24/,
    );
  });

  it('makes only the scopes that are named, incrementally or completely, and refuses both at once', async () => {
    const farm = await ReportFarm.make(
      folder.in('farm'),
      'groups: { both: { title: Both, scopes: [web, mobile] } }\n',
    );
    await farm.dumpOf('2026-11-20');
    assert.equal((await farm.run('--date', '20261121', '-s', 'web')).status, 0);
    assert.equal(await farm.latest('web'), '2026-11-20');
    await assert.rejects(farm.latest('mobile'), { code: 'ENOENT' });

    await farm.dumpOf('2026-11-21');
    const both = await farm.run('--date', '20261122', '--incremental', '-s', 'web', '-s', 'mobile');
    assert.equal(both.status, 0, both.stderr);
    for (const scope of ['web', 'mobile']) assert.equal(await farm.latest(scope), '2026-11-21');
    const digest = await farm.page('web', '2026-11-21', 'data', 'daily-counts.csv');

    const complete = await farm.run('--date', '20261122', '--complete', '--force', '-s', 'web');
    assert.equal(complete.status, 0, complete.stderr);
    assert.equal(await farm.page('web', '2026-11-21', 'data', 'daily-counts.csv'), digest);

    assert.equal((await farm.run('--complete', '--incremental')).status, 2);
    const unknown = await farm.run('--date', '20261123', '-s', 'nobody');
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /SCOPE_UNKNOWN.*nobody/);
    for (const date of ['2026-11-23', '20261332'])
      assert.equal((await farm.run('--date', date)).status, 2, date);
    const runs = (await farm.rota('run', 'list', '--json')).stdout.toString().trim().split('\n');
    const dates = new Set(runs.map((line): string => JSON.parse(line).date));
    assert.deepEqual([...dates].sort(), ['20261121', '20261122'], 'nothing was begun for what was refused');
    // The dashboard has what is there.
    const board = await farm.page('both.html');
    assert.equal(board.match(/<img src="data:image\/svg\+xml;base64,/g)?.length, 2);
    assert.match(board, /<a href="web\/2026-11-21\/burn-up\.html">/);
  });
});
