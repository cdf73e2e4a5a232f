/** Claims and ends runs until none is left, beside other processes that do the same. */
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { jobName } from '../../src/core/ids.ts';

const [, , file = '', slots = '2'] = process.argv;
await using store = await openSqliteStore({ file, clock: systemClock });
const holder = { host: 'test', pid: process.pid, startedAt: new Date() };
const rules = { slotLimits: { dumps: Number(slots) }, resumeWithinMs: {} };
process.stdout.write('ready\n');
for (;;) {
  const claimed = await store.claimNextRun({ ...rules, jobs: [jobName('dump')], holder, leaseMs: 10_000 });
  if (claimed === undefined) {
    const open = await store.listRuns({ states: ['waiting', 'running'], limit: 1 });
    if (open.length === 0) break;
    await systemClock.sleep(2);
    continue;
  }
  const { guard, run } = claimed;
  const running = await store.listRuns({ states: ['running'] });
  if (running.length > Number(slots)) process.stdout.write(`too many: ${running.length}\n`);
  await store.putStage({ guard, stage: 's', position: 0, change: { state: 'running', tries: 1 } });
  await store.putStage({ guard, stage: 's', position: 0, change: { state: 'done' } });
  await store.endRun({ guard, ending: { state: 'done' } });
  process.stdout.write(`did ${run.id} ${guard.token}\n`);
}
