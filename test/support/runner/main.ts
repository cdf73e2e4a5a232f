import { once } from 'node:events';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';
import { installPackages } from './install-packages.ts';
import { openBed } from './open-bed.ts';
import { type RunnerOptions, runnerOptions, usage } from './options.ts';
import { Outcome } from './outcome.ts';
import { needsServers, selectFiles } from './select-files.ts';
import { sweepOrphans } from './sweep.ts';

const root = resolve(import.meta.dirname, '../../..');
/** No single test may take longer; a test that hangs must not hang the run. */
const testTimeoutMs = 8 * 60_000;
const longTestTimeoutMs = 30 * 60_000;

const noBed: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// A program that a failed test left running may hold the other end of a pipe, and must not keep us.
process.exit(await main());

async function main(): Promise<number> {
  const options = runnerOptions(process.argv.slice(2), process.env);
  if (options === undefined) {
    say(usage);
    return 0;
  }
  sweepOrphans();
  if (options.installPackages) await installPackages(say);
  const files = selectFiles(root, options);
  if (files.length === 0) {
    say(`no test file matches ${options.filters.join(' ')}`);
    return 1;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort());
  }
  await using _bed: AsyncDisposable = files.some(needsServers) ? await openBed() : noBed;
  process.env.ROTA_SEED = options.seed;
  // Each file is a process: without it, each would strip the types of what it imports anew.
  process.env.NODE_COMPILE_CACHE ??= resolve(root, 'node_modules/.cache/rota');
  const outcome = await runFiles(files, options, interrupted.signal);
  if (options.long) say(`seed ${options.seed} (repeat with: npm run test:long -- --seed ${options.seed})`);
  for (const line of outcome.lines(options.requireAll)) say(line);
  return interrupted.signal.aborted ? 130 : outcome.exitStatus(options.requireAll);
}

/**
 * Runs each file in a process of its own, and prints node:test's own report. One more at once than there are cores: many
 * wait for leases to end, servers to start and clocks to go on.
 */
async function runFiles(
  files: readonly string[],
  options: RunnerOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome = new Outcome();
  const atOnce = cpus().length + 1;
  const { withinMs } = options;
  if (withinMs === null) {
    await runGroup(files, { options, signal, outcome, concurrency: atOnce });
    return outcome;
  }
  const queue = [...rotated(files, options.seed)];
  const untilMs = performance.now() + withinMs;
  const goOn = async () => {
    while (performance.now() < untilMs && !signal.aborted) {
      const next = queue.shift();
      if (next === undefined) return;
      await runGroup([next], { options, signal, outcome, concurrency: 1 });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, goOn));
  outcome.setNotBegun(queue);
  return outcome;
}

/** Begins elsewhere with each seed: where the time never suffices for all, each has its turn. */
function rotated(files: readonly string[], seed: string): readonly string[] {
  const begin = Number(seed) % files.length || 0;
  return [...files.slice(begin), ...files.slice(0, begin)];
}

interface Group {
  readonly options: RunnerOptions;
  readonly signal: AbortSignal;
  readonly outcome: Outcome;
  readonly concurrency: number;
}

async function runGroup(files: readonly string[], group: Group): Promise<void> {
  const { options, signal, outcome, concurrency } = group;
  const events = run({
    cwd: root,
    files: files.map((file) => resolve(root, file)),
    concurrency,
    timeout: options.long ? longTestTimeoutMs : testTimeoutMs,
    signal,
    execArgv: ['--import', pathToFileURL(resolve(import.meta.dirname, 'ends.ts')).href],
  });
  events.on('test:pass', (test) => {
    if (test.skip === undefined || test.skip === false) return;
    outcome.addSkip(test.skip === true ? 'no reason given' : test.skip, test.name);
  });
  events.on('test:summary', (summary) => {
    // Each file closes with one of its own; the run's has no file.
    if (summary.file !== undefined) return;
    const { passed, skipped, tests, todo } = summary.counts;
    outcome.addCounts({ passed, failed: tests - passed - skipped - todo, skipped });
  });
  const report = events.compose(spec());
  report.pipe(process.stdout, { end: false });
  await once(report, 'end');
}
