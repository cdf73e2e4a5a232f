import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import { describeHolder } from '../../describe-wait.ts';
import { runLeaseKey } from '../lease.ts';
import { refuseResume, takesBackRequest } from '../refuse-change.ts';
import type { RunView } from '../run-view.ts';
import { changeRun, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { leaseHolder } from './grant-lease.ts';
import { toJson } from './json.ts';
import { refuseMoved } from './refuse-moved.ts';
import { type RunRow, toRunView } from './rows.ts';
import { stopExpiredRuns } from './sweep-runs.ts';

interface Asked {
  readonly id: RunId;
  readonly by: string;
  readonly parameters?: unknown;
}

export function resumeRun(db: Connection, p: Asked): RunView {
  const parameters = toJson(p.parameters, `parameters of ${p.id}`);
  return db.write(() => {
    refuseMoved(db);
    stopExpiredRuns(db);
    const run = requireRun(db, p.id);
    db.run('DELETE FROM pauses WHERE scope = ?', `run/${run.id}`);
    if (takesBackRequest(run)) {
      db.run('UPDATE runs SET request = NULL, request_reason = NULL, held_until = NULL WHERE id = ?', run.id);
      return toRunView(db, requireRun(db, run.id));
    }
    refuseResume(run);
    setParameters(db, run.id, parameters);
    // Tries start anew: a person has looked.
    db.run('UPDATE runs SET tries = 0, stops = 0 WHERE id = ?', run.id);
    changeRun(db, run, 'waiting', { reason: `resumed by ${p.by}` });
    return toRunView(db, requireRun(db, run.id));
  });
}

export function restartRun(db: Connection, p: Asked): RunView {
  const parameters = toJson(p.parameters, `parameters of ${p.id}`);
  return db.write(() => {
    refuseMoved(db);
    stopExpiredRuns(db);
    const run = requireRun(db, p.id);
    if (run.state === 'running') throw busy(db, run);
    db.run('DELETE FROM pauses WHERE scope = ?', `run/${run.id}`);
    setParameters(db, run.id, parameters);
    db.run(
      'UPDATE runs SET epoch = epoch + 1, tries = 0, stops = 0, started_at = NULL, progress = NULL WHERE id = ?',
      run.id,
    );
    changeRun(db, { ...run, epoch: run.epoch + 1 }, 'waiting', { reason: `started anew by ${p.by}` });
    return toRunView(db, requireRun(db, run.id));
  });
}

function setParameters(db: Connection, id: RunId, parameters: string | null): void {
  if (parameters !== null) db.run('UPDATE runs SET parameters = ? WHERE id = ?', parameters, id);
}

function busy(db: Connection, run: RunRow): RotaError {
  const holder = leaseHolder(db, runLeaseKey(run.id));
  const who = holder === undefined ? 'another process' : describeHolder(holder);
  return new RotaError(
    'RUN_BUSY',
    `The run ${run.id} is being worked on by ${who}: cancel it or wait for it`,
    {
      facts: { run: run.id },
    },
  );
}
