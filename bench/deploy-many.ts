/**
 * What a deployment to very many hosts asks of the deploy host. Simulated: the hosts are folders of this machine (`local:`), each with
 * an agent and programs of its own as on a real one, but without a network and without ssh's processes. Usage: node bench/deploy-many.ts
 * [HOSTS] [FILES]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { localHosts, makeDeployFarm } from '../test/deploy/deploy-farm.ts';
import { cpuSecondsOf, memoryOf } from './measure/process-tree.ts';

const [count = '1000', files = '20'] = process.argv.slice(2);
const rota = resolve(import.meta.dirname, '../bin/rota.mjs');
const folder = await mkdtemp(join(tmpdir(), 'rota-many-'));
try {
  const farm = await makeDeployFarm(
    folder,
    localHosts(folder, Number(count)),
    { groups: [{ name: 'all', batch: 100 }], deadline: '600s' },
    // Where a thousand hosts share this machine's cores, the deployment must not lose its lease to them.
    { duration: '60s', renewEvery: '10s' },
  );
  for (let i = 0; i < Number(files); i++) await farm.write(`src/file${i}.php`, `<?php // ${i}\n`.repeat(100));
  process.stdout.write(`${count} hosts that are folders, ${files} files; load ${loadavg()[0]?.toFixed(1)}\n`);
  process.stdout.write('what        wall       CPU here   memory    open files\n');
  for (const what of ['first', 'one file', 'no change'] as const) {
    if (what === 'one file') await appendFile(join(folder, 'code/src/file0.php'), '// changed\n');
    await measure(what, folder);
  }
  process.stdout.write(`${(await farm.rota('deploy', 'log', '--cost')).stdout}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The process of the deployment alone: those of its hosts would be on the hosts. */
async function measure(what: string, cwd: string): Promise<void> {
  const begunMs = performance.now();
  const child = spawn(process.execPath, [rota, 'push'], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  let [memory, open, cpu] = [0, 0, 0];
  const { pid } = child;
  const timer = setInterval(() => {
    if (pid === undefined) return;
    memory = Math.max(memory, memoryOf(pid).peak);
    cpu = Math.max(cpu, cpuSecondsOf(pid));
    open = Math.max(open, openFiles(pid));
  }, 100);
  const [status] = (await once(child, 'exit')) as [number | null];
  clearInterval(timer);
  if (status !== 0) throw new Error(`rota push ended with ${status}: ${said}`);
  const wall = ((performance.now() - begunMs) / 1000).toFixed(1);
  process.stdout.write(
    `${what.padEnd(11)} ${`${wall} s`.padEnd(10)} ${`${cpu.toFixed(1)} s`.padEnd(10)} ${`${Math.round(memory / 1e6)} MB`.padEnd(9)} ${open}\n`,
  );
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
