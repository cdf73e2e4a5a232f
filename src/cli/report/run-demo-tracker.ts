import { resolve } from 'node:path';
import { defaultTrackerOptions } from '../../demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../demo/tracker/write-tracker-dump.ts';
import { checkDay } from '../check-dates.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';

export interface DemoTrackerOptions {
  readonly tasks: number;
  readonly transactions: number;
  readonly seed: number;
  readonly from: string;
  readonly to: string;
  readonly asOf?: string;
  readonly teams: string;
}

export async function runDemoTracker(cli: Cli, file: string, given: DemoTrackerOptions): Promise<undefined> {
  checkDay(given.from, '--from');
  checkDay(given.to, '--to');
  checkDay(given.asOf, '--as-of');
  const options = {
    ...defaultTrackerOptions,
    seed: given.seed,
    tasks: given.tasks,
    transactionsPerTask: given.transactions,
    from: given.from,
    to: given.to,
    asOf: given.asOf ?? given.to,
    teams: given.teams.split(',').filter((name) => name !== ''),
  };
  const summary = await writeTrackerDump(resolve(cli.io.cwd, file), options, { signal: cli.signal });
  cli.out.line(
    summary,
    `${file}: ${summary.tasks} tasks, ${summary.transactions} transactions, ${bytesText(summary.bytes)}`,
  );
  return undefined;
}
