import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { done, Stage, type StageContext, type StageOutcome } from '../../../control/stage.ts';
import { makeFolder, syncFolder, writeFileAtomic } from '../../../publish/files/durable.ts';
import { writing } from '../../../publish/files/file-failure.ts';
import { renderDifferences } from '../pages/farm/differences-page.ts';
import type { ReportServices } from '../services.ts';
import { putLink } from './put-link.ts';
import { removeOldReports } from './remove-old-reports.ts';
import type { RenderSummary } from './render-stage.ts';
import { readReportParameters } from './report-parameters.ts';
import {
  type PublishedReport,
  readPublished,
  reportPointer,
  scopeFolder,
  versionsFolder,
} from './report-place.ts';
import { writeReportsIndex } from './reports-index.ts';

/**
 * Puts the finished report beside the others and lets its day name it, in one act; then `latest`. A day that was published
 * before stays as it is (how the newer look at it differs goes on a page beside it), unless it is to be replaced: then its
 * name passes from the one to the other, and is never without a report.
 */
export class PublishReportStage extends Stage<ReportServices> {
  readonly name = 'publish';
  readonly deadlineMs = 30 * 60_000;

  async run(context: StageContext<ReportServices>): Promise<StageOutcome> {
    const { services, run, workspace } = context;
    const { farm, trees } = services;
    const { folder, asOf } = (await context.summaryOf('render')) as RenderSummary;
    const made = join(workspace, folder);
    const home = scopeFolder(trees, run.subject);
    const target = join(home, asOf);
    await makeFolder(home, trees.public.folderMode);
    await context.assertCurrent();
    context.assertTrusted();
    const isReplacing = readReportParameters(run.parameters).replace === true;
    const isNew = isReplacing || !(await isThere(target));
    if (isNew) {
      // The name is that of the attempt that made it, so what a crash left under it is the same report.
      const version = `${asOf}.${folder.slice(folder.indexOf('.') + 1)}`;
      await moveOnce(made, join(home, versionsFolder), version, trees.public.folderMode);
      await context.assertCurrent();
      context.assertTrusted();
      await putLink(home, asOf, `${versionsFolder}/${version}`);
    } else await tellDifferences(made, target, trees.public.fileMode);
    const before = readPublished(await context.readPointer(reportPointer(run.subject)));
    // A day that is caught up with later does not take the place of a newer one.
    if (before === null || before.asOf <= asOf) {
      await context.commitPointer(reportPointer(run.subject), {
        asOf,
        run: run.id,
      } satisfies PublishedReport);
    }
    await context.withLease(`publish/${run.job}/${run.subject}`, async () => {
      const latest = readPublished(await context.readPointer(reportPointer(run.subject)))?.asOf ?? asOf;
      await putLink(home, 'latest', latest);
      await removeOldReports(home, farm.jobs.report.keep, latest);
    });
    await context.withLease('publish/report/index', () => writeReportsIndex({ farm, trees }));
    return done({ folder: `reports/${run.subject}/${asOf}`, published: isNew });
  }
}

/** A crash after the move leaves nothing to move, and the report in its place. */
async function moveOnce(from: string, versions: string, version: string, mode: number): Promise<void> {
  await makeFolder(versions, mode);
  const to = join(versions, version);
  await writing('publish', to, async () => {
    if (await isThere(from)) await rename(from, to);
    else await stat(join(to, 'report.json'));
  });
  await syncFolder(versions);
}

async function tellDifferences(made: string, published: string, mode: number): Promise<void> {
  if (!(await isThere(made))) return;
  const [then, now] = await Promise.all(
    [published, made].map((folder) => readFile(join(folder, 'report.json'), 'utf8')),
  );
  const page = renderDifferences(JSON.parse(then ?? '{}'), JSON.parse(now ?? '{}'));
  const file = `${published}-differences.html`;
  if (page === null) await rm(file, { force: true });
  else await writeFileAtomic(file, page.content, { mode });
  await rm(made, { recursive: true, force: true });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
