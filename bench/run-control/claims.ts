import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { jobName } from '../../src/core/ids.ts';
import type { BenchPlace } from './bench-store.ts';
import { fillWithWaitingRuns } from './fill.ts';

/** Claims with their completions a second, of all processes together. */
export async function claimsPerSecond(place: BenchPlace, processes: number, runs: number): Promise<number> {
  await fillWithWaitingRuns(place, jobName('dump'), runs);
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, [join(import.meta.dirname, 'claim-child.ts'), JSON.stringify(place)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  const startedMs = performance.now();
  const done = children.map(async (child) => {
    const answer = once(child.stdout, 'data');
    child.stdin.write('go\n');
    return Number(String((await answer)[0]));
  });
  const sum = (await Promise.all(done)).reduce((total, count) => total + count, 0);
  const seconds = (performance.now() - startedMs) / 1000;
  if (sum !== runs) throw new Error(`${sum} of ${runs} runs were claimed`);
  return sum / seconds;
}
