import type { RunId } from '../../../core/ids.ts';
import type { RunDetails } from '../run-view.ts';
import type { RunRecord, StageRecord } from '../stored-records.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { transact } from './transaction.ts';
import { parseEntry, toRunDetails, toRunViews } from './views.ts';

export async function readRun(db: Connection, id: RunId): Promise<RunDetails | undefined> {
  const found = await transact(db, async (tx) => {
    const [runs = [], stages = []] = await tx.read([{ key: keys.run(id) }, { prefix: keys.stagesOf(id) }]);
    const run = parseEntry<RunRecord>(runs[0]);
    if (run === undefined) return undefined;
    const ofEpoch = stages.filter((entry) => entry.key.startsWith(keys.stagesOf(id, run.epoch)));
    return { run, stages: ofEpoch.flatMap((entry) => parseEntry<StageRecord>(entry) ?? []) };
  });
  if (found === undefined) return undefined;
  const [view] = await toRunViews(db, [found.run]);
  return view === undefined ? undefined : toRunDetails(view, found.run, found.stages);
}
