import { parseRunId } from '../../../core/ids.ts';
import type { NewRun } from '../run-store.ts';
import type { RunView } from '../run-view.ts';
import type { RunRecord, SubjectRecord } from '../stored-records.ts';
import { putRun, putSubject, recordTransition } from './change-run.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { withDate } from './newest-run.ts';
import { transact } from './transaction.ts';
import { smallValue } from './values.ts';
import { toRunViews } from './views.ts';

export async function createRun(
  db: Connection,
  p: NewRun,
): Promise<{ readonly created: boolean; readonly run: RunView }> {
  const { job, subject, date } = parseRunId(p.id);
  const parameters = smallValue(p.parameters, `parameters of ${p.id}`);
  const { created, run } = await transact(db, async (tx) => {
    await tx.load([keys.run(p.id), keys.subject(job, subject)]);
    const present = tx.have<RunRecord>(keys.run(p.id));
    if (present !== undefined) return { created: false, run: present };
    const dueAt = p.dueAt?.getTime() ?? tx.nowMs;
    const fresh: RunRecord = {
      id: p.id,
      job,
      subject,
      date,
      epoch: 1,
      state: 'waiting',
      tries: 0,
      stops: 0,
      parameters,
      slots: [...new Set(p.slots)].sort(),
      needs: [...new Set(p.needs)].sort(),
      sets: [],
      dueAt,
      createdAt: tx.nowMs,
      updatedAt: tx.nowMs,
      transitions: 0,
    };
    const made = recordTransition(tx, fresh, { to: 'waiting', cause: {} });
    putRun(tx, undefined, made);
    const before = tx.have<SubjectRecord>(keys.subject(job, subject));
    const after = before ?? { job, subject, rank: 0, rankAt: dueAt, dates: [] };
    putSubject(tx, before, { ...after, dates: withDate(after, made) });
    return { created: true, run: made };
  });
  const [view] = await toRunViews(db, [run]);
  if (view === undefined) throw new TypeError('a run has one view');
  return { created, run: view };
}
