import { rm } from 'node:fs/promises';
import type { Clock } from '../../../core/clock.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Log } from '../../../core/log.ts';
import type { TrackerSource } from '../phabricator/source/tracker-source.ts';
import { DataFile, type DataFileOptions } from '../store/data-file.ts';
import { createTables, dataVersion } from '../store/schema.ts';
import { BoundedHeap } from './bounded-heap.ts';
import { Digests } from './digests.ts';
import { type LoadCounts, LoadSink } from './load-sink.ts';
import { parentIntervals } from './parent-intervals.ts';
import { copyUnchanged, type Previous, readPrevious } from './previous-load.ts';

export interface LoadOptions {
  readonly source: TrackerSource;
  /** The file that is made; in a folder of this attempt alone. */
  readonly target: string;
  /** The load before; null where there is none. */
  readonly previous: string | null;
  /** Makes every history anew, also of tasks that have not changed since the load before. */
  readonly complete: boolean;
  /** How many tasks may be set aside. */
  readonly tolerance: number;
  readonly data: DataFileOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number, unit: string) => void;
}

export interface LoadResult extends LoadCounts {
  readonly bytes: number | null;
  readonly sourceAt: Date | null;
  /** Tasks that the load before had and this one has not. */
  readonly gone: number;
  readonly previous: { readonly tasks: number; readonly bytes: number | null } | null;
}

/** What is alive while a tracker of any size passes is less than half of it; the engine's memory is beside it. */
const heapBytes = 36e6;

/**
 * Reads a tracker into a new data file: tasks, and their pasts as intervals. What it makes of a task depends on that
 * task alone, so tasks that did not change since the load before are copied from it, and the result is the same as that of
 * a complete load. One that fails leaves no file.
 * @throws RotaError DISK_FULL, and what the source throws
 */
export async function loadTracker(options: LoadOptions): Promise<LoadResult> {
  const { target } = options;
  try {
    return await load(options);
  } catch (error) {
    for (const name of [target, `${target}.wal`]) await rm(name, { force: true });
    throw isDiskFull(error)
      ? new RotaError(
          'DISK_FULL',
          `Cannot write ${target}: the disk is full; make room there (TMPDIR says where what is temporary lies), then try again`,
          { cause: error, facts: { path: target } },
        )
      : error;
  }
}

/** The engine says so in words only. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /No space left on device|Disk quota exceeded/.test(error.message);
}

async function load(options: LoadOptions): Promise<LoadResult> {
  const { source, target, tolerance, data, clock, log, signal, progress } = options;
  const previous = await readPrevious(options.previous, data, log);
  await using file = await DataFile.create(target, data);
  for (const sql of createTables()) await file.run(sql);
  // In one transaction rows go to the file as they fill up, without a log beside it.
  await file.run('BEGIN');
  const sink = await LoadSink.open(file, {
    before: options.complete ? Digests.none : (previous?.digests ?? Digests.none),
    tolerance,
  });
  const heap = new BoundedHeap(heapBytes);
  const facts = await source.read(sink, {
    signal,
    progress: (done, total, unit) => {
      heap.check();
      progress(done, total, unit);
    },
  });
  sink.close();
  heap.collect();
  await file.run('COMMIT');
  const { counts } = sink;
  if (previous !== null) await copyUnchanged(file, previous);
  const gone = await file.number('SELECT count(DISTINCT task) FROM gone');
  await file.run(parentIntervals);
  await file.run('DROP TABLE unchanged');
  const transactions = await file.number('SELECT coalesce(sum(transactions), 0) FROM task');
  const loaded = { ...counts, transactions };
  await writeFacts(file, {
    version: String(dataVersion),
    source: source.name,
    source_at: facts.sourceAt?.toISOString() ?? '',
    loaded_at: clock.now().toISOString(),
    bytes: String(facts.bytes ?? ''),
    tasks: String(counts.tasks),
    transactions: String(transactions),
    set_aside: String(counts.setAside),
  });
  await file.finish();
  return { ...loaded, ...facts, gone, previous: previousCounts(previous) };
}

async function writeFacts(file: DataFile, facts: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, value] of Object.entries(facts)) {
    await file.run('INSERT INTO load VALUES (?, ?)', [key, value]);
  }
}

function previousCounts(previous: Previous | null): LoadResult['previous'] {
  return previous === null ? null : { tasks: previous.digests.size, bytes: previous.bytes };
}

/**
 * Looks at a finished file as readers will: is everything there that was counted while it was made?
 * @throws RotaError REPORT_DATA_UNREADABLE
 */
export async function checkLoaded(path: string, expected: LoadCounts, data: DataFileOptions): Promise<void> {
  await using file = await DataFile.openReadOnly(path, data);
  const found = {
    tasks: await file.number('SELECT count(DISTINCT id) FROM task'),
    transactions: await file.number('SELECT coalesce(sum(transactions), 0) FROM task'),
    withState: await file.number('SELECT count(DISTINCT task) FROM task_state'),
  };
  const isWhole =
    found.tasks === expected.tasks &&
    found.transactions === expected.transactions &&
    found.withState === expected.tasks;
  if (isWhole) return;
  throw new RotaError(
    'REPORT_DATA_UNREADABLE',
    `${path} holds ${found.tasks} tasks (${found.withState} with a history) and ${found.transactions} transactions instead of ${expected.tasks} and ${expected.transactions}`,
  );
}
