import { join } from 'node:path';
import { parseRunId, type RunId } from '../../../core/ids.ts';
import { isoDate } from '../../../core/run-date.ts';
import { makeFolder, writeFileAtomic } from '../../../publish/files/durable.ts';
import { addDays } from '../model/days.ts';
import type { ReportServices } from '../services.ts';
import type { FailureKind, ReportFailure } from './report-failure.ts';
import { scopeFolder } from './report-place.ts';
import { writeReportsIndex } from './reports-index.ts';

/**
 * Says beside the last report, and on the pages above it, that a newer one failed. No more than the day is told: why it
 * failed may name what is not public.
 */
export async function noteFailure(
  services: Pick<ReportServices, 'farm' | 'trees'>,
  run: RunId,
  at: Date,
  kind: FailureKind = 'failed',
): Promise<void> {
  await noteScopes(services, [parseRunId(run).subject], run, at, kind);
}

/** Without the load of the day no scope has a report of it. */
export async function noteFailedLoad(services: ReportServices, run: RunId, at: Date): Promise<void> {
  await noteScopes(services, [...services.farm.scopes.keys()], run, at, 'failed');
}

async function noteScopes(
  { farm, trees }: Pick<ReportServices, 'farm' | 'trees'>,
  scopes: readonly string[],
  run: RunId,
  at: Date,
  kind: FailureKind,
): Promise<void> {
  const { date } = parseRunId(run);
  const asOf = addDays(isoDate(date), -1);
  const failure: ReportFailure = { asOf, at: at.toISOString(), kind };
  for (const scope of scopes) {
    const home = scopeFolder(trees, scope);
    await makeFolder(home, trees.public.folderMode);
    await writeFileAtomic(join(home, 'failed.json'), `${JSON.stringify(failure)}\n`, {
      mode: trees.public.fileMode,
    });
  }
  await writeReportsIndex({ farm, trees });
}
