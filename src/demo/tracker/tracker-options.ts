/** What kind of tracker is invented. */
export interface TrackerOptions {
  readonly seed: number;
  readonly tasks: number;
  /** Mean number of transactions of a task. */
  readonly transactionsPerTask: number;
  /** The days over which the tasks come, evenly, a little faster towards the end; as `2026-11-22`. */
  readonly from: string;
  readonly to: string;
  /** The day at whose end the dump is made: what comes later is not in it. */
  readonly asOf: string;
  readonly teams: readonly string[];
  /** Share of tasks that show something that trackers hold and programs stumble over. */
  readonly oddities: number;
}

export const defaultTrackerOptions: TrackerOptions = {
  seed: 1,
  tasks: 2000,
  transactionsPerTask: 9,
  from: '2024-11-01',
  to: '2026-11-22',
  asOf: '2026-11-22',
  teams: ['Web', 'Mobile', 'Search', 'Platform'],
  oddities: 0.1,
};
