import { join } from 'node:path';
import { done, Stage, type StageContext, type StageOutcome, skipped } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { checkLoaded } from '../load/load-tracker.ts';
import { type ReportServices, trackerOf } from '../services.ts';
import { loadingData } from './data-settings.ts';
import { readLoadParameters } from './load-parameters.ts';
import type { LoadSummary } from './load-stage.ts';

/** Opens the data file as readers will, and compares it with what was read and with the last load. */
export class CheckStage extends Stage<ReportServices> {
  readonly name = 'check';
  readonly deadlineMs = 60 * 60_000;

  async run(context: StageContext<ReportServices>): Promise<StageOutcome> {
    const { services, run, workspace } = context;
    const load = (await context.summaryOf('load')) as LoadSummary | undefined;
    if (load === undefined) return skipped('nothing was loaded');
    await checkLoaded(join(workspace, load.file), load, loadingData(workspace));
    const { shrinkGuard } = trackerOf(services.farm);
    if (shrinkGuard !== null && readLoadParameters(run.parameters).acceptShrunken !== true) {
      refuseShrunken(load, shrinkGuard);
    }
    return done();
  }
}

/** @throws RotaError DUMP_SHRUNKEN */
export function refuseShrunken(
  load: Pick<LoadSummary, 'tasks' | 'bytes' | 'previous'>,
  shrinkGuard: number,
): void {
  const { tasks, bytes, previous } = load;
  if (previous === null) return;
  const lost = (now: number, before: number) => (before === 0 ? 0 : 1 - now / before);
  const shares = [
    { what: 'tasks', now: tasks, before: previous.tasks },
    ...(bytes === null || previous.bytes === null
      ? []
      : [{ what: 'bytes', now: bytes, before: previous.bytes }]),
  ];
  for (const { what, now, before } of shares) {
    if (lost(now, before) <= shrinkGuard) continue;
    throw new RotaError(
      'DUMP_SHRUNKEN',
      `The tracker has ${now} ${what} where the last load had ${before}, a loss of more than ${shrinkGuard * 100} %; the last load stays in place`,
    );
  }
}
