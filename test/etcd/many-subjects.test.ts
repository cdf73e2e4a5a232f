// What many subjects cost on etcd is measured in bench/run-control.ts; here: how much is asked, and that it is right.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fillEtcdStore, openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import type { DateRecord, RunRecord } from '../../src/control/store/stored-records.ts';
import type { StoredThing } from '../../src/control/store/stored-state.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { jobName, runId, subjectName } from '../../src/core/ids.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { type GrpcRelay, startGrpcRelay } from '../support/grpc-relay.ts';
import { requires } from '../support/requirements.ts';

const job = jobName('full-dump');
/** More than a page of them; in the last page each has many dates. */
const names = Array.from({ length: 5_200 }, (_, i) => `w${String(i).padStart(4, '0')}`);
const datesOf = (i: number) =>
  i < 5_000 ? ['20260101'] : ['1', '2', '3', '4', '5'].map((d) => `2026010${d}`);
const holder = { host: 'test', pid: 1, startedAt: new Date() };
const rules = { slotLimits: { dumps: 10 }, resumeWithinMs: {} };

describe(`etcd with ${names.length} subjects`, { skip: requires('etcd') }, () => {
  let etcd: RunningEtcd;
  let counter: GrpcRelay;
  let store: RunStore;
  before(async () => {
    etcd = await startEtcd();
    counter = await startGrpcRelay(etcd.endpoints[0] ?? '');
    const place = { endpoints: [counter.endpoint], prefix: '/many/', clock };
    await fillEtcdStore(place, stored());
    store = await openEtcdStore(place);
  });
  after(async () => {
    await store[Symbol.asyncDispose]();
    await counter[Symbol.asyncDispose]();
    await etcd[Symbol.asyncDispose]();
  });

  const latest = async () => (await store.listLatestRuns({ job })).map((run) => run.id as string);

  it('the newest run of each is told, then by one request what has changed', async () => {
    const all = names.map((name, i) => `${job}/${name}/${datesOf(i).at(-1)}`);
    assert.deepEqual(await latest(), all);
    assert.equal(await counter.callsOf(latest), 1);
    await store.createRun({ id: runId(job, subjectName('w0007-'), '20260101') });
    await store.createRun({ id: runId(job, subjectName('w0007'), '20260102') });
    const asked = await counter.callsOf(latest);
    assert.equal(asked, 1, 'the subjects that changed come with their runs');
    const now = [...all.slice(0, 7), `${job}/w0007/20260102`, `${job}/w0007-/20260101`, ...all.slice(8)];
    assert.deepEqual(await latest(), now);
  });

  it('who asks for the first time reads the subjects only, and the runs that are worked on', async () => {
    await using fresh = await openEtcdStore({ endpoints: [counter.endpoint], prefix: '/many/', clock });
    const first = () => fresh.listLatestRuns({ job });
    assert.equal(await counter.callsOf(first), 2, 'two pages');
    const guard = (await store.claimNextRun({ ...rules, jobs: [job], holder, leaseMs: 30_000 }))?.guard;
    assert.ok(guard);
    await store.putProgress({ guard, stage: 'text', progress: { done: 1, total: 2, unit: 'pages' } });
    await using another = await openEtcdStore({ endpoints: [counter.endpoint], prefix: '/many/', clock });
    const running = (await another.listLatestRuns({ job })).filter((run) => run.state === 'running');
    assert.deepEqual(
      running.map(({ id, progress }) => [`run/${id}`, progress?.done]),
      [[guard.key, 1]],
    );
    await store.endRun({ guard, ending: { state: 'cancelled' } });
  });

  it('subjects that an earlier version wrote are told the same', async () => {
    const all = await store.listLatestRuns({ job });
    const values = JSON.parse(
      await etcd.ctl('get', '--prefix', '/many/subject/', '--limit=300', '-w', 'json'),
    );
    const text = (base64: string) => Buffer.from(base64, 'base64').toString();
    for (const [i, { key, value }] of values.kvs.entries()) {
      if (i % 100 !== 0) continue;
      const subject = JSON.parse(text(value));
      const dates = subject.dates.map(({ rest: _rest, ...date }: DateRecord) => date);
      await etcd.ctl('put', text(key), JSON.stringify({ ...subject, dates }));
    }
    await using fresh = await openEtcdStore({ endpoints: [counter.endpoint], prefix: '/many/', clock });
    const reading = async () => assert.deepEqual(await fresh.listLatestRuns({ job }), all);
    assert.equal(await counter.callsOf(reading), 3, 'two pages, and the runs of these');
  });

  it('a claim takes a look, the records with a lease, and the commit; an end two requests', async () => {
    const claim = () => store.claimNextRun({ ...rules, jobs: [job], holder, leaseMs: 30_000 });
    // The lease that marks of commits are bound to is there from the first on.
    const first = await claim();
    assert.equal(first?.run.subject, 'w0001');
    let next: Awaited<ReturnType<typeof claim>>;
    const asked = await counter.callsOf(async () => {
      next = await claim();
    });
    assert.equal(next?.run.subject, 'w0002');
    assert.equal(asked, 4);
    const guard = next?.guard;
    assert.ok(guard);
    assert.equal(await counter.callsOf(() => store.endRun({ guard, ending: { state: 'done' } })), 2);
    assert.equal((await store.readRun({ id: runId(job, subjectName('w0002'), '20260101') }))?.state, 'done');
  });
});

function* stored(): Generator<StoredThing> {
  yield { kind: 'generation', generation: 1 };
  for (const [i, name] of names.entries()) {
    const subject = subjectName(name);
    const dates: DateRecord[] = datesOf(i).map((date, n) => ({
      id: runId(job, subject, date),
      state: 'waiting',
      dueAt: i * 10 + n,
      slots: ['dumps'],
      needs: [],
    }));
    yield { kind: 'subject', subject: { job, subject, rank: 0, rankAt: i, dates } };
    for (const { id, state, dueAt, slots, needs } of dates) {
      const date = id.split('/')[2] ?? '';
      const counts = { epoch: 1, tries: 0, stops: 0, transitions: 0 };
      const times = { dueAt, createdAt: dueAt, updatedAt: dueAt };
      const run: RunRecord = { id, job, subject, date, state, slots, needs, sets: [], ...counts, ...times };
      yield { kind: 'run', run };
    }
  }
}
