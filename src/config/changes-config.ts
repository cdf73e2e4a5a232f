import type { ScheduleConfig } from './schedule-config.ts';

/** `jobs.changes` and what goes with it: adds/changes dumps. */
export interface ChangesConfig {
  /** When marks are taken. */
  readonly mark: ScheduleConfig;
  /** When the dumps up to them are made. */
  readonly dump: ScheduleConfig;
  /** When the page with all wikis is written. */
  readonly index: ScheduleConfig;
  readonly settings: ChangesSettings;
}

export interface ChangesSettings {
  /** Below the public tree (and, for what Rota keeps to itself, the private one), with slashes. */
  readonly folder: string;
  /** Between a mark and the dump up to it. */
  readonly delayMs: number;
  /** Compare the whole state of the wiki, or only pages at which something hints, or only take the new revisions. */
  readonly exact: 'state' | 'log-hints' | 'off';
  /** Days that are kept for each wiki. */
  readonly keep: number;
  readonly threads: number;
  readonly slots: number;
  readonly resumeWithinMs: number;
  readonly retries: { readonly times: number; readonly delayMs: number };
  readonly deadlineMs: number;
}
