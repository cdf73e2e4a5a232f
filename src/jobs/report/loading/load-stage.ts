import { join } from 'node:path';
import { done, Stage, type StageContext, type StageOutcome, skipped } from '../../../control/stage.ts';
import { loadTracker } from '../load/load-tracker.ts';
import { openSource } from '../phabricator/source/open-source.ts';
import { type ReportServices, trackerOf } from '../services.ts';
import { loadingData } from './data-settings.ts';
import type { DownloadSummary } from './download-stage.ts';
import { readLoadParameters } from './load-parameters.ts';
import { dataFolder, dataPointer, readLoaded } from './loaded-data.ts';

export interface LoadSummary {
  /** In the workspace. */
  readonly file: string;
  readonly tasks: number;
  readonly unchanged: number;
  readonly setAside: number;
  readonly transactions: number;
  readonly gone: number;
  readonly bytes: number | null;
  readonly sourceAt: string | null;
  readonly mark: string | null;
  readonly previous: { readonly tasks: number; readonly bytes: number | null } | null;
}

/** Reads the tracker into a new data file in the workspace: tasks and their histories. */
export class LoadStage extends Stage<ReportServices> {
  readonly name = 'load';
  override readonly retries = { tries: 3, backoffMs: 60_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: StageContext<ReportServices>): Promise<StageOutcome> {
    const { services, run, clock, log, signal, workspace } = context;
    const download = (await context.summaryOf('download')) as DownloadSummary;
    if (download.unchanged) return skipped('the dump has not changed since the last load');
    const tracker = trackerOf(services.farm);
    const last = readLoaded(await context.readPointer(dataPointer(tracker.name)));
    // A name of this attempt alone: a stalled one that wakes up must not write into it.
    const file = `tracker.${context.token.replaceAll(/[^A-Za-z0-9.-]/g, '_')}.duckdb`;
    const result = await loadTracker({
      source: openSource(tracker.source, { dump: download.file, workspace, clock, log }),
      target: join(workspace, file),
      previous: last === null ? null : join(dataFolder(services.trees, tracker.name), last.file),
      complete: readLoadParameters(run.parameters).complete ?? false,
      tolerance: tracker.tolerance,
      data: loadingData(workspace),
      clock,
      log,
      signal,
      progress: (soFar, total, unit) => context.progress({ done: soFar, total, unit }),
    });
    const { sourceAt, ...counts } = result;
    const at = download.sourceAt ?? sourceAt?.toISOString() ?? null;
    return done({ ...counts, file, sourceAt: at, mark: download.mark } satisfies LoadSummary);
  }
}
