import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { done, Stage, type StageContext, type StageOutcome, skipped } from '../../../control/stage.ts';
import { makeFolder, syncFolder } from '../../../publish/files/durable.ts';
import { writing } from '../../../publish/files/file-failure.ts';
import { type ReportServices, trackerOf } from '../services.ts';
import type { LoadSummary } from './load-stage.ts';
import { dataFolder, dataPointer, type LoadedData } from './loaded-data.ts';

/** Puts the data file among the loads and makes it the one that reports are made from; old ones go. */
export class PublishLoadStage extends Stage<ReportServices> {
  readonly name = 'publish';
  readonly deadlineMs = 10 * 60_000;

  async run(context: StageContext<ReportServices>): Promise<StageOutcome> {
    const { services, run, workspace } = context;
    const load = (await context.summaryOf('load')) as LoadSummary | undefined;
    if (load === undefined) return skipped('nothing was loaded');
    const tracker = trackerOf(services.farm);
    const folder = dataFolder(services.trees, tracker.name);
    await makeFolder(folder, services.trees.private.folderMode);
    const file = `${tracker.name}-${run.date}.${run.epoch}.duckdb`;
    await context.assertCurrent();
    context.assertTrusted();
    // The name is this epoch's own, so what a crash left under it is the same load.
    await writing('publish', join(folder, file), async () => {
      await rename(join(workspace, load.file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      await stat(join(folder, file));
    });
    await syncFolder(folder);
    const { tasks, bytes, sourceAt, mark } = load;
    const pointer: LoadedData = { file, date: run.date, sourceAt, tasks, bytes, mark };
    await context.commitPointer(dataPointer(tracker.name), pointer);
    await removeOld(folder, tracker.name, file, services.farm.jobs.phabricatorLoad.keep);
    return done();
  }
}

/** Readers keep the file that they have open. */
async function removeOld(folder: string, tracker: string, current: string, keep: number): Promise<void> {
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(`${tracker}-`) && name.endsWith('.duckdb'),
  );
  const old = names
    .sort()
    .reverse()
    .filter((name) => name !== current);
  for (const name of old.slice(Math.max(0, keep - 1))) await rm(join(folder, name), { force: true });
}
