// What is not there: the right password, a table, the database for a while, room on the disk.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { assertDone, contentsOf, faultDate, faultFarm } from '../faults/dump-under-fault.ts';
import { hasStarted, whenRecorded } from '../faults/run-watch.ts';
import { testBed } from '../support/bed.ts';
import { dumpDatabase, restoreDatabase, sql } from '../support/database.ts';
import { startMariadb } from '../support/mariadb.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { cannotMount, mountNamespace } from '../support/mount-namespace.ts';
import { filesBelow, runDump } from '../support/published.ts';
import { program, requires } from '../support/requirements.ts';
import { runRota, startRota } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const awayMs = 20_000;

const needs = requires('mariadb', 'mediawiki', 'bzip2', 'zstd');

describe('a dump without', { skip: needs }, () => {
  it('the right password says so, shows no password and publishes nothing', async () => {
    await using folder = await temporaryFolder();
    await using wiki = await wikiCopy('empty', 'wrong_password');
    const farm = await faultFarm(folder.path, wiki);
    await writeFile(join(farm.folder, 'database-password'), 'not-the-password\n');
    for (const command of [
      ['dump', wiki.database, '--date', faultDate],
      ['export', wiki.database, '--full', '-o', '-'],
    ]) {
      const { status, stdout, stderr } = await runRota(command, { cwd: farm.folder });
      assert.equal(status, 1, stderr);
      assert.match(stderr, /DATABASE_LOGIN_REFUSED/);
      assert.doesNotMatch(`${stdout}${stderr}`, /not-the-password/);
    }
    assert.deepEqual(await dataFilesBelow(farm.publicFolder), []);
  });

  it('a table of the wiki names the table', async () => {
    await using folder = await temporaryFolder();
    await using wiki = await wikiCopy('empty', 'missing_table');
    const farm = await faultFarm(folder.path, wiki);
    await sql(testBed().mariadb, wiki.database, 'DROP TABLE slots');
    for (const command of [
      ['dump', wiki.database, '--date', faultDate],
      ['export', wiki.database, '--full', '-o', '-'],
    ]) {
      const { status, stderr } = await runRota(command, { cwd: farm.folder });
      assert.equal(status, 1, stderr);
      assert.match(stderr, /TABLE_MISSING|SCHEMA_UNSUPPORTED/);
      assert.match(stderr, /slots/);
    }
    assert.deepEqual(await dataFilesBelow(farm.publicFolder), []);
  });

  it('room on the disk fails, publishes nothing broken, and is resumed when there is room', {
    skip: cannotMount(),
  }, async () => {
    await using folder = await temporaryFolder();
    await using wiki = await wikiCopy('bulk', 'disk_full');
    // Where there is no room nobody can give back a lease: its end is waited for.
    const lease = { duration: '3s', renewEvery: '1s' };
    const farm = await faultFarm(folder.in('template'), wiki, { farm: { lease } });
    const small = folder.in('small');
    const result = folder.in('result');
    // The file system exists only in the mount namespace of this script, and ends with it.
    const script = `
      set -eu
      mkdir -p "$SMALL" "$RESULT"
      mount -t tmpfs -o size=32m tmpfs "$SMALL"
      cp "$FARM"/* "$SMALL"
      dd if=/dev/zero of="$SMALL/ballast" bs=1k count=$((32 * 1024 - 600)) status=none
      cd "$SMALL"
      set +e
      "$NODE" "$ROTA" dump "$WIKI" --date "$DATE" >"$RESULT/first.out" 2>&1; echo $? >"$RESULT/first"
      set -e
      find public -type f >"$RESULT/public-files" 2>/dev/null || true
      rm ballast
      set +e
      for try in $(seq 30); do
        "$NODE" "$ROTA" dump "$WIKI" --date "$DATE" >"$RESULT/second.out" 2>&1; status=$?
        [ $status = 75 ] || break
      done
      echo $status >"$RESULT/second"
      cp -r public "$FARM/"`;
    await execa(program('unshare'), [...mountNamespace(), 'bash', '-c', script], {
      env: {
        SMALL: small,
        RESULT: result,
        FARM: farm.folder,
        NODE: process.execPath,
        ROTA: resolve(import.meta.dirname, '../../bin/rota.mjs'),
        WIKI: wiki.database,
        DATE: faultDate,
      },
      stdin: 'ignore',
    });
    const text = async (name: string): Promise<string> => (await readFile(join(result, name), 'utf8')).trim();
    assert.equal(await text('first'), '1', await text('first.out'));
    assert.match(await text('first.out'), /DISK_FULL/);
    assert.doesNotMatch(await text('first.out'), /INTERNAL/);
    assert.equal(await text('second'), '0', await text('second.out'));
    await using calm = await temporaryFolder();
    const other = await faultFarm(calm.path, wiki);
    assertDone(await runDump(other, wiki, faultDate));
    assert.deepEqual(await contentsOf(farm, wiki), await contentsOf(other, wiki));
  });
});

// Mostly waiting: all at once.
describe('a dump whose database is away', { skip: needs, concurrency: true }, () => {
  for (const stage of ['spool', 'content', 'last-look']) {
    it(`for ${awayMs / 1000} s in ${stage} waits and goes on`, async () => {
      await using folder = await temporaryFolder();
      await using wiki = await wikiCopy('bulk', `away_in_${stage.replace('-', '_')}`);
      await dumpDatabase(testBed().mariadb, wiki.database, folder.in('wiki.sql'));
      await using server = await startMariadb(folder.in('server'));
      await restoreDatabase(server, wiki.database, folder.in('wiki.sql'));
      const farm = await faultFarm(folder.in('farm'), wiki, {
        server,
      });
      const worker = startRota(['dump', wiki.database, '--date', faultDate], {
        cwd: farm.folder,
        timeoutMs: 240_000,
      });
      assert.ok(await whenRecorded(farm, worker, hasStarted(stage)), `the dump never came to ${stage}`);
      await server.kill();
      // The outage itself: nothing is waited for but time.
      await delay(awayMs);
      await server.start();
      const { exitCode, stderr } = await worker;
      assert.equal(exitCode, 0, Buffer.from(stderr).toString().slice(-3000));
      await using calm = await temporaryFolder();
      const other = await faultFarm(calm.path, wiki);
      assertDone(await runDump(other, wiki, faultDate));
      assert.deepEqual(await contentsOf(farm, wiki), await contentsOf(other, wiki));
    });
  }
});

async function dataFilesBelow(folder: string): Promise<readonly string[]> {
  return (await filesBelow(folder)).filter((path) => /\.(gz|bz2|zst)$/.test(path));
}
