// What a process that was killed leaves of a day, and what is kept of old days: put in order by the monitor.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { DaysFarm, liveOneDay } from '../changes/days-farm.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { CompressorGate } from '../support/compressor-gate.ts';
import { endLeases } from '../support/end-leases.ts';
import { requires } from '../support/requirements.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

describe('what a killed process leaves of a day', { skip: requires('bzip2') }, () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  let days: DaysFarm;
  const date = '20010110';
  const day = (of: string) => join(folder.path, 'public', 'other', 'incr', wikiName, of);
  const lock = () => join(day(date), `${wikiName}-${date}-incrdump.lock`);
  const setLease = async (duration: string) => {
    const file = join(folder.path, 'rota.yaml');
    const config = parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, stringify({ ...config, lease: { duration, renewEvery: '1s' } }));
  };

  /** A day's process is killed while it compresses, which it does until it is. */
  const killedAtWork = async (of: string, meanwhile: () => Promise<void> = async () => {}) => {
    await mkdir(folder.in(`at-${of}`));
    const gate = await CompressorGate.make(folder.in(`at-${of}`));
    const started = startRota(['changes', 'run', wikiName, '--date', of], {
      cwd: farm.folder,
      env: gate.env,
    });
    try {
      await gate.reached();
      await meanwhile();
    } finally {
      signalTree(started, 'SIGKILL');
      await started;
      await gate.open();
    }
  };
  /** As the store sees it: nobody has renewed a lease for so long. */
  const letHalfAnHourPass = () => {
    using store = new DatabaseSync(join(folder.path, 'rota.db'), { timeout: 5000 });
    store.exec(`UPDATE leases SET renewed_mono = renewed_mono - ${31 * 60_000}`);
  };

  before(async () => {
    folder = await temporaryFolder();
    farm = await makeSqliteFarm(folder.path, { outputs: ['history'] });
    const file = join(folder.path, 'rota.yaml');
    const config = parse(await readFile(file, 'utf8')) as { jobs: object };
    await writeFile(file, stringify({ ...config, jobs: { ...config.jobs, changes: { keep: 2 } } }));
    days = await DaysFarm.open(folder.path, wikiName);
    await days.dump('20010101');
    await liveOneDay(join(folder.path, `${wikiName}.sqlite`));
    await days.mark(date);
  });
  after(async () => {
    await days?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  it('shows its lock as long as its lease lasts; then the monitor takes it away, and another makes the day', async () => {
    await killedAtWork(date, async () => assert.match(await readFile(lock(), 'utf8'), / \d+$/));
    assert.ok(existsSync(lock()), 'a killed process takes nothing away');
    endLeases(folder.path);
    assert.equal((await farm.rota('monitor', '--once')).status, 0);
    assert.ok(!existsSync(lock()), 'the monitor does');
    const again = await farm.rota('changes', 'run', wikiName, '--date', date);
    assert.equal(again.status, 0, again.stderr);
    assert.equal(await readFile(join(day(date), 'status.txt'), 'utf8'), 'done');
    assert.ok(!existsSync(lock()));
  });

  it('is broken by --force-unlock, and the day is made at once', async () => {
    const next = '20010111';
    await liveOneDay(join(folder.path, `${wikiName}.sqlite`));
    await days.mark(next);
    // It would last for an hour; half of it after the last renewal it counts as left behind.
    await setLease('1h');
    await killedAtWork(next);
    const refused = await farm.rota('changes', 'run', wikiName, '--date', next, '--force-unlock');
    assert.match(refused.stdout.toString() + refused.stderr, /LEASE_ALIVE.*process \d+/s);
    letHalfAnHourPass();
    const unlocked = await farm.rota('changes', 'run', wikiName, '--date', next, '--force-unlock');
    assert.equal(unlocked.status, 0, unlocked.stderr + unlocked.stdout.toString());
    assert.equal(await readFile(join(day(next), 'status.txt'), 'utf8'), 'done');
  });

  it('and days beyond those that are kept go, with their private ledgers, but never the newest', async () => {
    const last = '20010112';
    await days.mark(last);
    await days.changes(last);
    assert.equal((await farm.rota('monitor', '--once')).status, 0);
    for (const audience of ['public', 'private']) {
      const at = join(folder.path, audience, 'other', 'incr', wikiName);
      const kept = (await readdir(at)).filter((name) => /^\d{8}$/.test(name)).toSorted();
      assert.deepEqual(kept, ['20010111', last], audience);
    }
    await days.mark('20010113');
    await days.changes('20010113');
    assert.equal(await readFile(join(day('20010113'), 'status.txt'), 'utf8'), 'done');
  });
});
