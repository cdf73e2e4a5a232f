/** Claims runs and ends them at once until none is left, beside other processes that do the same. */
import { jobName } from '../../src/core/ids.ts';
import { openBenchStore } from './bench-store.ts';

const [, , place = ''] = process.argv;
await using store = await openBenchStore(JSON.parse(place));
const holder = { host: 'bench', pid: process.pid, startedAt: new Date() };
const rules = { slotLimits: { dumps: 1000 }, resumeWithinMs: {}, jobs: [jobName('dump')] };
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
let done = 0;
for (;;) {
  const claimed = await store.claimNextRun({ ...rules, holder, leaseMs: 30_000 });
  if (claimed === undefined) break;
  await store.endRun({ guard: claimed.guard, ending: { state: 'done' } });
  done += 1;
}
process.stdout.write(`${done}\n`);
process.exit(0);
