/** Claims a run, says so, and renews its lease until it is killed. */
import { LeaseKeeper } from '../../src/control/lease-keeper.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { jobName } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { openBenchStore } from './bench-store.ts';

const [, , place = '', lease = '3000'] = process.argv;
const leaseMs = Number(lease);
const store = await openBenchStore(JSON.parse(place));
const holder = { host: 'bench', pid: process.pid, startedAt: new Date() };
const grantedMonoMs = clock.monotonicMs();
const claimed = await store.claimNextRun({
  jobs: [jobName('dump')],
  holder,
  leaseMs,
  slotLimits: {},
  resumeWithinMs: {},
});
if (claimed === undefined) throw new Error('there was nothing to claim');
const { guard } = claimed;
const renew = () => store.renewLease({ guard });
const keeper = new LeaseKeeper({ what: guard.key, renew, leaseMs, grantedMonoMs, clock, log: silentLog });
process.stdout.write('held\n');
keeper.lost.addEventListener('abort', () => process.exit(1));
