import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdLease } from '../../../control/hold-lease.ts';
import type { RunDetails } from '../../../control/store/run-view.ts';
import { runId, subjectName } from '../../../core/ids.ts';
import { isGivenUp } from '../../../core/run-state.ts';
import type { JobChore, Sweep } from '../../definition/job-monitoring.ts';
import { addDays } from '../model/days.ts';
import { reportName } from '../names.ts';
import { noteFailure } from './note-failure.ts';
import type { ReportFailure } from './report-failure.ts';
import { scopeFolder } from './report-place.ts';

/**
 * A held report is decided in the run store, by whom no tree may be there: what its pages say follows here, at the next
 * sweep. A report that is published replaces the note itself.
 */
export const settleNotes: JobChore = {
  phase: 'status',
  name: 'notes of held reports',
  async run(sweep: Sweep): Promise<void> {
    const { config: farm, trees, store, clock } = sweep;
    for (const scope of farm.scopes.keys()) {
      const note = await readNote(join(scopeFolder(trees, scope), 'failed.json'));
      if (note?.kind !== 'held') continue;
      const date = addDays(note.asOf, 1).replaceAll('-', '');
      const run = await store.readRun({ id: runId(reportName, subjectName(scope), date) });
      if (run === undefined || !isGivenUp(run.state)) continue;
      const kind = isRejected(run) ? 'rejected' : 'failed';
      await holdLease(sweep, 'publish/report/index', () =>
        noteFailure({ farm, trees }, run.id, clock.now(), kind),
      );
    }
  },
};

function isRejected({ sets }: RunDetails): boolean {
  return sets.some(({ state }) => state === 'rejected');
}

async function readNote(file: string): Promise<ReportFailure | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ReportFailure;
  } catch {
    return null;
  }
}
