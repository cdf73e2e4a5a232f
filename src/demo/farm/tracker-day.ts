import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isoDate } from '../../core/run-date.ts';
import { defaultTrackerOptions, type TrackerOptions } from '../tracker/tracker-options.ts';
import { writeTrackerDump } from '../tracker/write-tracker-dump.ts';
import { trackerDumpFile } from './farm-config-text.ts';

/** The farm's tracker: two years of four teams when the farm is young, and some more to come. */
const farmTracker: TrackerOptions = {
  ...defaultTrackerOptions,
  seed: 20_260_103,
  tasks: 1800,
  from: '2024-09-01',
  to: '2027-06-30',
};

/** Writes the dump that the tracker makes in the small hours of a date (YYYYMMDD), with the time that it would have. */
export async function writeTrackerDay(folder: string, date: string, signal: AbortSignal): Promise<void> {
  const file = join(folder, trackerDumpFile);
  const midnightMs = Date.parse(isoDate(date));
  const asOf = new Date(midnightMs - 86_400_000).toISOString().slice(0, 10);
  await writeTrackerDump(file, { ...farmTracker, asOf }, { signal });
  const madeAt = new Date(midnightMs + 2 * 3_600_000);
  await utimes(file, madeAt, madeAt);
}
