// A worker and a monitor whose etcd goes away: they say so once, go on when it is back, and say that.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { makeOperationsFarm, Running } from '../operations/operations-farm.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { withinOneDay } from '../support/within-one-day.ts';

test('a worker and a monitor tell of a store that is away once, and of its return', {
  skip: requires('etcd'),
}, async () => {
  await withinOneDay(300);
  await using folder = await temporaryFolder('etcd-outage');
  await using etcd = await startEtcd();
  const [member] = etcd.members;
  const farm = await makeOperationsFarm(folder.path, ['alphawiki'], {
    farm: {
      store: { etcd: etcd.endpoints },
      log: { file: './rota.log' },
      lease: { duration: '3s', renewEvery: '1s' },
    },
  });
  const told = async (pattern: RegExp) =>
    (await readFile(folder.in('rota.log'), 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => pattern.test(line) && !line.includes('"level":"debug"'));
  const both = async (pattern: RegExp) => {
    for (let waits = 0; (await told(pattern)).length < 2; waits++) {
      assert.ok(waits < 600, `${pattern}: ${(await told(/./)).join('\n')}`);
      await pause(200);
    }
  };
  await using worker = new Running(farm, 'worker');
  await worker.said(/full-dump\/alphawiki\/\d+ done/);
  await using monitor = new Running(farm, 'monitor');
  await monitor.said(/sweeps every/);
  await member?.kill();
  const away = /No endpoint of etcd could be reached|no quorum/;
  await both(away);
  // Several tries of each loop, at 12 s of patience.
  await pause(35_000);
  await member?.start();
  await both(/the run store answers again/);
  assert.equal((await told(away)).length, 2, (await told(/./)).join('\n'));
  for (const process of [worker, monitor]) {
    process.child.kill('SIGTERM');
    assert.equal(await process.ended(), 0, process.lines.join('\n'));
  }
});
