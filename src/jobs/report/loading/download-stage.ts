import { join } from 'node:path';
import { done, Stage, type StageContext, type StageOutcome } from '../../../control/stage.ts';
import { downloadDump } from '../phabricator/download/download-dump.ts';
import { lookAtDumpFile } from '../phabricator/dump/look-at-dump-file.ts';
import { type ReportServices, trackerOf } from '../services.ts';
import { readLoadParameters } from './load-parameters.ts';
import { dataPointer, readLoaded } from './loaded-data.ts';

/** What the next stages read. */
export interface DownloadSummary {
  readonly unchanged: boolean;
  /** Null where the source is no dump. */
  readonly file: string | null;
  readonly mark: string | null;
  readonly sourceAt: string | null;
}

/**
 * Gets hold of the dump. While it is the one that was loaded last, a newer one is waited for, and in the end done without:
 * reports then are made from the last load.
 */
export class DownloadStage extends Stage<ReportServices> {
  readonly name = 'download';
  override readonly retries = { tries: 3, backoffMs: 10_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: StageContext<ReportServices>): Promise<StageOutcome> {
    const { services, run, clock, stopping } = context;
    const tracker = trackerOf(services.farm);
    const { waitForMs, pollEveryMs } = services.farm.jobs.phabricatorLoad;
    const parameters = readLoadParameters(run.parameters);
    const last = readLoaded(await context.readPointer(dataPointer(tracker.name)));
    const known = parameters.now || parameters.complete ? null : (last?.mark ?? null);
    const begunMs = clock.monotonicMs();
    for (;;) {
      const found = await this.#look(context, known);
      if (found !== null) return done(found);
      if (clock.monotonicMs() - begunMs >= waitForMs) break;
      const text = `the dump is the one of ${last?.sourceAt ?? 'the last load'}; waiting for a newer one`;
      context.progress({ done: 0, total: 0, unit: 'bytes', text });
      await clock.sleep(pollEveryMs, AbortSignal.any([stopping, context.signal]));
    }
    const summary: DownloadSummary = { unchanged: true, file: null, mark: null, sourceAt: null };
    const since = last?.sourceAt ?? 'the last load';
    return { state: 'done-with-errors', reason: `no newer dump came: it still is that of ${since}`, summary };
  }

  /** Null when it has not changed. */
  async #look(context: StageContext<ReportServices>, known: string | null): Promise<DownloadSummary | null> {
    const { services, run, workspace, signal } = context;
    const { source } = trackerOf(services.farm);
    const given = readLoadParameters(run.parameters).dump;
    if (given !== undefined || source.kind === 'dump-file') {
      const file = given ?? (source.kind === 'dump-file' ? source.file : '');
      const { bytes, at } = await lookAtDumpFile(file);
      const mark = `${file} ${bytes} ${at.toISOString()}`;
      return mark === known ? null : { unchanged: false, file, mark, sourceAt: at.toISOString() };
    }
    if (source.kind !== 'dump-url') return { unchanged: false, file: null, mark: null, sourceAt: null };
    const file = join(workspace, 'tracker.dump');
    const found = await downloadDump({
      url: source.url,
      file,
      known,
      signal,
      progress: (bytes, total) => context.progress({ done: bytes, total, unit: 'bytes' }),
    });
    if (found === null) return null;
    const { mark, modifiedAt } = found;
    return { unchanged: false, file, mark, sourceAt: modifiedAt?.toISOString() ?? null };
  }
}
