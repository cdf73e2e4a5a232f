/**
 * `node bench/web.ts [ROUNDS] [REVISIONS]`: what 500 readers of the status (each every 5 s) and 100 open pages cost a dump
 * that runs on the same machine: dump alone, dump with them, in turn. The readers, who are elsewhere in truth, have the
 * lowest priority.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { makeOperationsFarm } from '../test/operations/operations-farm.ts';
import { startReaders } from '../test/support/start-readers.ts';
import { type Measurement, runCommand } from './measure/run-command.ts';
import { median } from './measure/statistics.ts';

const rounds = Number(process.argv[2] ?? 3);
const revisions = Number(process.argv[3] ?? 20_000);
const readers = { clients: 500, streams: 100, everyMs: 5_000, last: true };
const rota = resolve(import.meta.dirname, '../bin/rota.mjs');
const folder = await mkdtemp(join(tmpdir(), 'rota-bench-web-'));
const { stdout } = process;

try {
  await makeOperationsFarm(folder, ['benchwiki'], {
    revisions,
    farm: { lease: { duration: '60s', renewEvery: '10s' } },
  });
  const server = spawn(process.execPath, [rota, 'serve', '--json', '--listen', '127.0.0.1:0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const first = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
    const { address } = JSON.parse(first.value ?? '') as { readonly address: string };
    const pid = server.pid ?? 0;
    let date = 20_260_101;
    const dump = async (): Promise<Measurement> => {
      // Every dump from nothing: carried over, the second would be another work.
      const args = [rota, 'dump', 'benchwiki', '--no-carry-over', '--date', String(date++)];
      return await runCommand({ program: process.execPath, args, cwd: folder }, pid);
    };
    await dump();
    stdout.write(
      `${revisions} revisions, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}\n\n`,
    );
    stdout.write(
      '| round | dump alone: wall; CPU; server | with readers: wall; CPU; server | requests | median, p99 | errors |\n',
    );
    stdout.write('|---|---|---|---|---|---|\n');
    const [cpu, wall]: number[][] = [[], []];
    for (let round = 1; round <= rounds; round++) {
      const alone = await dump();
      const reading = await startReaders(address, readers);
      const both = await dump();
      const told = await reading.report();
      cpu?.push(both.cpuSeconds / alone.cpuSeconds);
      wall?.push(both.wallSeconds / alone.wallSeconds);
      stdout.write(
        `| ${round} | ${figures(alone)} | ${figures(both)} | ${told.requests} | ${told.medianMs}, ${told.p99Ms} ms | ${told.errors} |\n`,
      );
      for (const error of told.firstErrors) stdout.write(`\n    ${error}\n`);
    }
    const ratio = (values: readonly number[] | undefined) => median(values ?? []).toFixed(3);
    stdout.write(`\nwith readers / alone, medians: CPU of the dump ${ratio(cpu)}, wall ${ratio(wall)}\n`);
  } finally {
    server.kill('SIGTERM');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function figures({ wallSeconds, cpuSeconds, serverCpuSeconds }: Measurement): string {
  return `${wallSeconds.toFixed(1)}; ${cpuSeconds.toFixed(1)}; ${serverCpuSeconds.toFixed(1)} s`;
}
