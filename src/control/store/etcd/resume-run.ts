import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import { describeHolder } from '../../describe-wait.ts';
import { refuseResume, takesBackRequest } from '../refuse-change.ts';
import type { RunView } from '../run-view.ts';
import { fromHolderRecord, type RunRecord } from '../stored-records.ts';
import { changeRun, putRun, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { stopExpiredRuns } from './sweep-runs.ts';
import { type Transaction, transact } from './transaction.ts';
import { smallValue } from './values.ts';
import { toRunView, toRunViews } from './views.ts';

interface Asked {
  readonly id: RunId;
  readonly by: string;
  readonly parameters?: unknown;
}

export async function resumeRun(db: Connection, p: Asked): Promise<RunView> {
  const parameters = smallValue(p.parameters, `parameters of ${p.id}`);
  return askRun(db, p.id, async (tx, run) => {
    await withdrawPause(tx, run);
    if (takesBackRequest(run)) {
      const going = { ...run, request: undefined, requestReason: undefined, heldUntil: undefined };
      putRun(tx, run, going);
      return going;
    }
    refuseResume(run);
    // Tries start anew: a person has looked.
    const also = { tries: 0, stops: 0, ...(parameters === undefined ? {} : { parameters }) };
    return changeRun(tx, run, 'waiting', { reason: `resumed by ${p.by}` }, also);
  });
}

export async function restartRun(db: Connection, p: Asked): Promise<RunView> {
  const parameters = smallValue(p.parameters, `parameters of ${p.id}`);
  return askRun(db, p.id, async (tx, run) => {
    if (run.state === 'running') {
      const who = run.holder === undefined ? 'another process' : describeHolder(fromHolderRecord(run.holder));
      throw new RotaError(
        'RUN_BUSY',
        `The run ${run.id} is being worked on by ${who}: cancel it or wait for it`,
        {
          facts: { run: run.id },
        },
      );
    }
    await withdrawPause(tx, run);
    return changeRun(
      tx,
      run,
      'waiting',
      { reason: `started anew by ${p.by}` },
      {
        epoch: run.epoch + 1,
        tries: 0,
        stops: 0,
        startedAt: undefined,
        progress: undefined,
        sets: [],
        ...(parameters === undefined ? {} : { parameters }),
      },
    );
  });
}

/** What people ask of a run, once the dead have been looked after. */
export async function askRun(
  db: Connection,
  id: RunId,
  action: (tx: Transaction, run: RunRecord) => Promise<RunRecord>,
): Promise<RunView> {
  await stopExpiredRuns(db);
  const run = await transact(db, async (tx) => action(tx, await requireRun(tx, id)));
  const [view] = await toRunViews(db, [run]);
  return view ?? toRunView(run);
}

async function withdrawPause(tx: Transaction, run: RunRecord): Promise<void> {
  const key = keys.pause(`run/${run.id}`);
  if ((await tx.get(key)) !== undefined) tx.delete(key);
}
