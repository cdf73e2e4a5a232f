import assert from 'node:assert/strict';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assertNoHole, digestOf, ReportFarm, shortLease } from '../report/farm.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

// A farm that makes reports: day after day, with bad dumps, failing scopes and processes that die.

describe('a farm with reports', () => {
  let folder: TemporaryFolder;
  let farm: ReportFarm;
  before(async () => {
    folder = await temporaryFolder('report');
    farm = await ReportFarm.make(folder.in('farm'));
  });
  after(() => folder[Symbol.asyncDispose]());

  it('publishes each scope as of the last whole day, with pages above them', async () => {
    await farm.dumpOf('2026-11-20');
    const { status, stderr } = await farm.run('--date', '20261121');
    assert.equal(status, 0, stderr);
    for (const scope of ['web', 'mobile']) {
      assert.equal(await farm.latest(scope), '2026-11-20');
      const report = JSON.parse(await farm.page(scope, 'latest', 'report.json'));
      assert.equal(report.asOf, '2026-11-20');
    }
    const index = await farm.page('index.html');
    assert.match(index, /Web &lt;b&gt;&amp;&lt;\/b&gt; &quot;more&quot; \$\(id\)/);
    assert.doesNotMatch(index, /<b>&/);
  });

  it('refuses a truncated and a shrunken dump, and leaves the last report in place', async () => {
    const before = await digestOf(farm.home('web'));
    const dump = await farm.dumpOf('2026-11-21');
    await truncate(dump, 200_000);
    const cut = await farm.run('--date', '20261122');
    assert.equal(cut.status, 1);
    assert.match(cut.stderr, /DUMP_TRUNCATED/);
    await farm.dumpOf('2026-11-21', 100);
    const shrunken = await farm.run('--date', '20261122', '--force');
    assert.equal(shrunken.status, 1);
    assert.match(shrunken.stderr, /DUMP_SHRUNKEN/);
    assert.deepEqual(await digestOf(farm.home('web')), before);
  });

  it('goes on with the next good dump, incrementally', async () => {
    await farm.dumpOf('2026-11-22');
    const { status, stderr } = await farm.run('--date', '20261123');
    assert.equal(status, 0, stderr);
    assert.equal(await farm.latest('web'), '2026-11-22');
    const loads = await readdir(farm.in('private', 'phabricator', 'phabricator'));
    assert.ok(
      loads.every((name) => name.endsWith('.duckdb')),
      loads.join(),
    );
  });

  it('lets a failing scope leave the others, and its own last report, alone, and says so', async () => {
    await farm.dumpOf('2026-11-23');
    const home = farm.home('mobile');
    // Nothing can be put where the report of the day should go.
    await writeFile(join(home, '2026-11-23'), 'in the way');
    const { status, stderr } = await farm.run('--date', '20261124');
    assert.equal(status, 1, stderr);
    assert.match(stderr, /mobile/);
    assert.equal(await farm.latest('web'), '2026-11-23');
    assert.equal(await farm.latest('mobile'), '2026-11-22');
    const index = await farm.page('index.html');
    assert.match(index, /could not be made/);
  });

  it('keeps loads and answers to queries to themselves', async () => {
    const sql = (query: string) => farm.rota('report', 'sql', query, '--json');
    const counted = await sql('SELECT count(*) AS n FROM task');
    assert.deepEqual(JSON.parse(counted.stdout.toString()), { n: '300' });
    for (const query of [
      `SELECT * FROM read_text('${farm.in('rota.yaml')}')`,
      `COPY task TO '${farm.in('stolen.csv')}'`,
      `ATTACH '${farm.in('x.duckdb')}'`,
      'SET enable_external_access = true',
      'DELETE FROM task',
    ]) {
      const { status, stderr } = await sql(query);
      assert.equal(status, 2, query);
      assert.match(stderr, /REPORT_SQL/);
    }
  });

  it('is killed at each stage of an incremental day, goes on, and ends with the report that it would have made', async () => {
    const whole = await ReportFarm.make(folder.in('whole'), shortLease);
    const killed = await ReportFarm.make(folder.in('killed'), shortLease);
    for (const each of [whole, killed]) {
      await each.dumpOf('2026-11-20');
      assert.equal((await each.run('--date', '20261121')).status, 0);
      await each.dumpOf('2026-11-22');
    }
    assert.equal((await whole.run('--date', '20261123')).status, 0);
    await killedAt(killed, '20261123', [
      /download +done/,
      /load +done/,
      /check +done/,
      /publish +done/,
      /render +done/,
    ]);
    for (const scope of ['web', 'mobile']) {
      for (const day of ['2026-11-20', '2026-11-22']) {
        const [expected, found] = await Promise.all(
          [whole, killed].map((each) => digestOf(join(each.home(scope), day))),
        );
        assert.deepEqual(found, expected, `${scope} ${day}`);
      }
      assert.equal(await killed.latest(scope), '2026-11-22');
    }
  });

  /** Kills the command after each of these lines was printed, and at last lets it come to its end. */
  async function killedAt(each: ReportFarm, date: string, lines: readonly RegExp[]): Promise<void> {
    for (const line of [...lines, null]) {
      for (;;) {
        const child = startRota(['report', 'run', '--date', date], { cwd: each.folder });
        let text = '';
        child.stderr?.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (line?.test(text)) signalTree(child, 'SIGKILL');
        });
        const result = await child;
        await assertNoHole(each);
        // The lease of the one that was killed has to end first; on a busy machine one may be lost.
        if (/RUN_BUSY|RUN_WAITS|LEASE_LOST/.test(text)) continue;
        if (line === null) assert.ok(result.exitCode === 0 || result.exitCode === 4, text);
        break;
      }
    }
  }
});
