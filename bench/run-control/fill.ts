import { DatabaseSync } from 'node:sqlite';
import { fillEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import type { RunRecord } from '../../src/control/store/stored-records.ts';
import type { StoredThing } from '../../src/control/store/stored-state.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { type JobName, runId, subjectName } from '../../src/core/ids.ts';
import { insertWaitingRuns } from '../../test/support/insert-waiting-runs.ts';
import { type BenchPlace, openBenchStore } from './bench-store.ts';

/**
 * One waiting run for each of so many subjects, in an empty store: as many transactions through the port would take
 * longer than what is measured.
 */
export async function fillWithWaitingRuns(place: BenchPlace, job: JobName, subjects: number): Promise<void> {
  if (place.kind === 'etcd') {
    await fillEtcdStore({ ...place, clock }, storedRuns(job, subjects));
    return;
  }
  await using _store = await openBenchStore(place);
  const db = new DatabaseSync(place.file);
  insertWaitingRuns(db, job, subjects);
  db.close();
}

function* storedRuns(job: JobName, subjects: number): Generator<StoredThing> {
  for (let i = 1; i <= subjects; i += 1) {
    const subject = subjectName(`w${i}`);
    const id = runId(job, subject, '20260101');
    const about = { id, state: 'waiting', dueAt: i, slots: ['dumps'], needs: [] } as const;
    yield { kind: 'subject', subject: { job, subject, rank: i % 3, rankAt: i, dates: [about] } };
    const counts = { epoch: 1, tries: 0, stops: 0, transitions: 0 };
    const run: RunRecord = {
      ...about,
      ...counts,
      job,
      subject,
      date: '20260101',
      sets: [],
      createdAt: i,
      updatedAt: i,
    };
    yield { kind: 'run', run };
  }
}
