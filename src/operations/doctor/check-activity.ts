import type { FarmConfig } from '../../config/farm-config.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { RunView } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';
import { listWorkers } from '../worker/workers.ts';
import { type Finding, ok, warning } from './finding.ts';

const area = 'work';
/** Who starts workers by cron does so at least this often. */
const patienceMs = 3_600_000;
/** A monitor that is there misses a dead worker for no more than a few sweeps. */
const sweeps = 4;

/** Whether somebody does what is due, and somebody sees what died. */
export async function checkActivity(
  config: FarmConfig,
  store: RunStore,
  clock: Clock,
): Promise<readonly Finding[]> {
  const nowMs = clock.now().getTime();
  const findings: Finding[] = [];
  const workers = await listWorkers(store);
  if (workers.length > 0) findings.push(ok(area, `${workers.length} workers are there`));
  else {
    const open = await store.listRuns({ states: ['waiting', 'stopped', 'retrying'], limit: 1_000 });
    const late = open.filter((run) => {
      const sinceMs = (run.retryAt ?? run.updatedAt).getTime();
      return nowMs - sinceMs > patienceMs;
    });
    if (late.length > 0) {
      findings.push(
        warning(
          area,
          'NOBODY_WORKS',
          `${counted(late)} could go on for more than an hour, and no worker is there`,
          'Start rota up (or rota worker), and see that its service is enabled.',
        ),
      );
    }
  }
  const running = await store.listRuns({ states: ['running'], limit: 1_000 });
  const dead = running.filter(({ lease }) => {
    if (lease === undefined || lease.alive) return false;
    return nowMs - lease.renewedAt.getTime() > lease.leaseMs + sweeps * config.monitor.everyMs;
  });
  if (dead.length > 0) {
    findings.push(
      warning(
        area,
        'NOBODY_MONITORS',
        `the process of ${counted(dead)} is gone, and no monitor has noticed`,
        'Start rota monitor (or rota up); rota run resume RUN takes one up at once.',
      ),
    );
  }
  return findings;
}

function counted(runs: readonly RunView[]): string {
  const [first] = runs;
  return runs.length === 1 ? (first?.id ?? '') : `${first?.id} and ${runs.length - 1} other runs`;
}
