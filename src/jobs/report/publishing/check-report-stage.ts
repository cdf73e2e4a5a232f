import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { done, held, Stage, type StageContext, type StageOutcome } from '../../../control/stage.ts';
import type { ReportJson } from '../pages/data/report-json.ts';
import type { ReportServices } from '../services.ts';
import { noteFailure } from './note-failure.ts';
import { qualityJumps } from './quality-jump.ts';
import type { RenderSummary } from './render-stage.ts';
import { readPublished, reportPointer, scopeFolder } from './report-place.ts';

/**
 * Compares what the finished report says of its own data with the last that was published. A jump holds it: the last one
 * stays in place until somebody has approved or rejected this one.
 */
export class CheckReportStage extends Stage<ReportServices> {
  readonly name = 'check';
  readonly deadlineMs = 10 * 60_000;

  async run(context: StageContext<ReportServices>): Promise<StageOutcome> {
    const { services, run, workspace, clock } = context;
    const { farm, trees } = services;
    const limit = farm.jobs.report.qualityGuard;
    const published = readPublished(await context.readPointer(reportPointer(run.subject)));
    if (limit === null || published === null) return done();
    const { folder } = (await context.summaryOf('render')) as RenderSummary;
    const before = await readReport(join(scopeFolder(trees, run.subject), published.asOf));
    // Reports of an earlier version do not say what is compared; the next one will.
    if (before?.rulesDigest === undefined) return done();
    const now = await readReport(join(workspace, folder));
    const jumps = now === null ? [] : qualityJumps(now, before, limit);
    if (jumps.length === 0) return done();
    if ((await context.approvals()).get('*') === 'approved') return done({ approved: jumps });
    await noteFailure(services, run.id, clock.now(), 'held');
    return held(`the data are much worse than those of the last report: ${jumps.join('; ')}`, { jumps });
  }
}

async function readReport(folder: string): Promise<ReportJson | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
  } catch {
    return null;
  }
}
