/**
 * `node bench/tracker.ts [TASKS] [SCOPES]`: loading a generated tracker, making reports of so many scopes, and the load of the
 * next day. The default is as large as the best known tracker: 415,000 tasks, 4.5 million transactions, about a gigabyte.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultTrackerOptions } from '../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../src/demo/tracker/write-tracker-dump.ts';
import { type Measurement, runCommand } from './measure/run-command.ts';

const tasks = Number(process.argv[2] ?? 415_000);
const scopes = Number(process.argv[3] ?? 40);
const child = join(import.meta.dirname, 'tracker', 'tracker-child.ts');
const flags = ['--max-semi-space-size=4', '--single-threaded-gc'];
const folder = await mkdtemp(join(tmpdir(), 'rota-bench-report-'));
const line = (...cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);
const tell = (what: string, m: Measurement): void =>
  line(
    what,
    `${m.wallSeconds.toFixed(1)} s`,
    `${m.cpuSeconds.toFixed(1)} s`,
    `${Math.round(m.treeBytes / 1e6)} MB`,
  );
const run = (...args: readonly string[]) =>
  runCommand(
    {
      program: process.execPath,
      args: [...flags, child, ...args],
      // As bin/rota.mjs does it: without the cache the compiler of types takes 30 MB.
      env: { NODE_COMPILE_CACHE: join(folder, 'compiled'), MALLOC_MMAP_THRESHOLD_: String(1 << 20) },
    },
    null,
  );

try {
  const teams = Array.from({ length: scopes }, (_, i) => `Team ${i + 1}`);
  const options = { ...defaultTrackerOptions, tasks, teams, transactionsPerTask: 10.5, from: '2014-11-01' };
  const signal = new AbortController().signal;
  const [today, tomorrow] = [join(folder, 'today.dump'), join(folder, 'tomorrow.dump')];
  const made = await writeTrackerDump(today, { ...options, asOf: '2026-11-21' }, { signal });
  await writeTrackerDump(tomorrow, { ...options, asOf: '2026-11-22' }, { signal });
  const { size } = await stat(today);
  line(
    `${made.tasks} tasks, ${made.transactions} transactions, ${Math.round(size / 1e6)} MB`,
    'wall',
    'CPU',
    'peak memory',
  );
  line('---', '---', '---', '---');
  tell('complete load', await run('load', today, join(folder, 'one.duckdb')));
  tell(
    'the next day, incrementally',
    await run('load', tomorrow, join(folder, 'two.duckdb'), join(folder, 'one.duckdb')),
  );
  tell('the next day, completely', await run('load', tomorrow, join(folder, 'three.duckdb')));
  tell(
    `${scopes} scopes`,
    await run('reports', join(folder, 'two.duckdb'), join(folder, 'out'), String(scopes)),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
