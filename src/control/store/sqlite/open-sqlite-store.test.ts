import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Clock } from '../../../core/clock.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { ManualClock } from '../../../core/manual-clock.ts';
import { claimed, id, leaseMs, nextClaim } from '../testing/store-fixture.ts';
import { monotonicOffsetMs, type Place } from './check-place.ts';
import { walIsSafe } from './connection.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const here: Place = { fileSystemType: () => 0xef53, machineId: 'machine-1', bootId: 'boot-1' };

async function withFile(body: (file: string, clock: ManualClock) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-open-'));
  try {
    await body(join(folder, 'rota.db'), new ManualClock());
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a store on a network file system is refused before anything is written', async () => {
  await withFile(async (file, clock) => {
    for (const [type, name] of [
      [0x6969, 'NFS'],
      [0xff534d42, 'CIFS'],
      [-11317950, 'CIFS'],
    ] as const) {
      await assert.rejects(
        openSqliteStore({ file, clock, place: { ...here, fileSystemType: () => type } }),
        (e) => isRotaError(e, 'STORE_ON_NETWORK') && e.message.includes(name),
      );
    }
    assert.throws(() => new DatabaseSync(file, { readOnly: true }));
  });
});

test('the database of something else is refused and left as it is', async () => {
  await withFile(async (file, clock) => {
    // As many migrations as ours say nothing of whose they are.
    for (const version of [0, 2]) {
      using other = new DatabaseSync(file);
      other.exec(`CREATE TABLE IF NOT EXISTS page (page_id INTEGER); PRAGMA user_version = ${version}`);
      const before = await readFile(file);
      await assert.rejects(
        openSqliteStore({ file, clock, place: here }),
        (e) => isRotaError(e, 'STORE_UNREADABLE') && e.message.includes('tables page'),
      );
      assert.ok((await readFile(file)).equals(before));
      assert.deepEqual(await readdir(dirname(file)), [basename(file)]);
    }
  });
});

test('a store of another machine is refused; adopting it begins a new generation', async () => {
  await withFile(async (file, clock) => {
    {
      await using store = await openSqliteStore({ file, clock, place: here });
      await claimed(store);
    }
    const there: Place = { ...here, machineId: 'machine-2', bootId: 'boot-2' };
    await assert.rejects(openSqliteStore({ file, clock, place: there }), (e) =>
      isRotaError(e, 'STORE_OTHER_MACHINE'),
    );
    await using moved = await openSqliteStore({ file, clock, place: there, adopt: true });
    assert.equal(await moved.readGeneration(), 2);
    assert.match((await moved.claimNextRun(nextClaim()))?.guard.token ?? '', /^2\./);
    await using again = await openSqliteStore({ file, clock, place: there });
    assert.equal(await again.readGeneration(), 2);
  });
});

/** As a process in a time namespace has it. */
function ownClock(clock: ManualClock, aheadMs: number): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs() + aheadMs,
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}

test('a lease is alive also for who has a monotonic clock of its own, as a container may, and ends for it in time', async () => {
  await withFile(async (file, clock) => {
    await using store = await openSqliteStore({ file, clock, place: here });
    const { run, guard } = await claimed(store);
    for (const ahead of [100_000_000, -100_000_000]) {
      const own = ownClock(clock, ahead);
      const place = { ...here, monotonicAheadMs: ahead };
      await using contained = await openSqliteStore({ file, clock: own, place });
      assert.deepEqual((await contained.sweep()).stopped, []);
      assert.equal((await contained.readLease({ key: guard.key }))?.alive, true);
    }
    await store.assertLease({ guard });
    await clock.advance(leaseMs + 1);
    const own = ownClock(clock, -100_000_000);
    const place = { ...here, monotonicAheadMs: -100_000_000 };
    await using contained = await openSqliteStore({ file, clock: own, place });
    assert.deepEqual((await contained.sweep()).stopped, [run.id]);
  });
});

test('the offset of a time namespace is read from what the kernel says', () => {
  assert.equal(
    monotonicOffsetMs('monotonic      100000         0\nboottime            7         0'),
    100_000_000,
  );
  assert.equal(monotonicOffsetMs('monotonic          -2 500000000\nboottime           -7         0'), -1_500);
  assert.equal(monotonicOffsetMs(''), 0);
});

test('a machine without a name is known by its boot', async () => {
  await withFile(async (file, clock) => {
    const { machineId: _, ...rest } = here;
    const nameless: Place = { ...rest, machineId: undefined };
    for (const place of [nameless, here, nameless, { ...here, bootId: 'boot-2' }]) {
      await using store = await openSqliteStore({ file, clock, place });
      assert.equal(await store.readGeneration(), 1);
    }
  });
});

test('a lease of an earlier boot has expired, however high its clock was', async () => {
  await withFile(async (file, clock) => {
    await clock.advance(1_000_000_000);
    await using before = await openSqliteStore({ file, clock, place: here });
    const stale = await claimed(before);
    // The machine starts again: its monotonic clock is near zero, far before the lease's end.
    const after = new ManualClock(clock.now());
    await using store = await openSqliteStore({ file, clock: after, place: { ...here, bootId: 'boot-2' } });
    assert.deepEqual((await store.sweep()).stopped, [stale.run.id]);
    assert.equal((await store.claimNextRun(nextClaim()))?.run.id, stale.run.id);
    await assert.rejects(store.renewLease({ guard: stale.guard }), (e) => isRotaError(e, 'LEASE_LOST'));
  });
});

test('a store of a newer version is refused', async () => {
  await withFile(async (file, clock) => {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await assert.rejects(openSqliteStore({ file, clock, place: here }), (e) => isRotaError(e, 'STORE_NEWER'));
  });
});

test('a file that is no database, or whose folder is missing, is refused with its name', async () => {
  await withFile(async (file, clock) => {
    await assert.rejects(
      openSqliteStore({ file: join(file, 'nowhere', 'rota.db'), clock }),
      (e) => isRotaError(e, 'STORE_UNREADABLE') && e.message.includes('nowhere'),
    );
    await writeFile(
      file,
      'this is certainly not a database, but long enough to be taken for one. '.repeat(20),
    );
    await assert.rejects(openSqliteStore({ file, clock, place: here }), (e) =>
      isRotaError(e, 'STORE_UNREADABLE'),
    );
  });
});

test('a store that is a folder, a pipe or a link to nowhere is refused at once, a damaged one with what helps', async () => {
  await withFile(async (file, clock) => {
    const refused = (path: string, words: RegExp) =>
      assert.rejects(
        openSqliteStore({ file: path, clock, place: here }),
        (e) => isRotaError(e, 'STORE_UNREADABLE') && words.test(e.message),
      );
    await refused(join(file, '..'), /is a folder: name a file/);
    execFileSync('mkfifo', [`${file}.pipe`]);
    await refused(`${file}.pipe`, /is no file/);
    await symlink('/nowhere/rota.db', `${file}.link`);
    await refused(`${file}.link`, /cannot be opened: .*check the path/);
    {
      await using store = await openSqliteStore({ file: `${file}.whole`, clock, place: here });
      await store.createRun({ id: id('frwiki') });
    }
    await writeFile(file, (await readFile(`${file}.whole`)).subarray(0, 6_000));
    await refused(file, /is damaged, or no run store .*put a backup in its place/);
  });
});

test('the write-ahead log is used only from the version on in which it is safe', () => {
  assert.equal(walIsSafe('3.51.2'), false);
  assert.equal(walIsSafe('3.50.9'), false);
  assert.equal(walIsSafe('2.99.9'), false);
  assert.equal(walIsSafe('3.51.3'), true);
  assert.equal(walIsSafe('3.53.0'), true);
  assert.equal(walIsSafe('4.0.0'), true);
});

test('what was written is there when the store is opened again', async () => {
  await withFile(async (file, clock) => {
    {
      await using store = await openSqliteStore({ file, clock, place: here });
      const { guard } = await claimed(store);
      await store.commitPointer({ key: 'p', value: { a: 1 }, guard });
      await clock.advance(leaseMs / 2);
      await store.renewLease({ guard });
    }
    await using store = await openSqliteStore({ file, clock, place: here });
    assert.deepEqual(await store.readPointer({ key: 'p' }), { a: 1 });
    assert.equal((await store.listRuns({}))[0]?.lease?.alive, true);
  });
});
