import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { jobName, type RunId, runId, subjectName } from '../../core/ids.ts';
import { silentLog } from '../../core/log.ts';
import { ManualClock } from '../../core/manual-clock.ts';
import type { RunStore } from '../store/run-store.ts';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import { cronTimes, dateOf, parseCron } from './due-times.ts';
import { createDueRuns, nextDueAt } from './run-scheduler.ts';
import type { CatchUp, Schedule } from './schedule.ts';

const hour = 3_600_000;
const day = 24 * hour;
const all: CatchUp = { policy: 'all', withinMs: 30 * day };

function times(expression: string, zone: string, after: string, until: string): string[] {
  return [...cronTimes({ expression, zone, after: new Date(after), until: new Date(until) })].map((t) =>
    t.toISOString(),
  );
}

function nightly(catchUp: CatchUp = all, expression = '30 2 * * *', zone = 'Europe/Berlin'): Schedule {
  return {
    job: jobName('changes'),
    subjects: [subjectName('frwiki')],
    when: { kind: 'cron', expression, zone },
    catchUp,
  };
}

async function withStore(
  start: string,
  body: (store: RunStore, clock: ManualClock) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-schedule-'));
  const clock = new ManualClock(start);
  try {
    await using store = await openSqliteStore({ file: join(folder, 'rota.db'), clock });
    await body(store, clock);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('where the clocks go forward a due time in the gap comes once, behind the gap', () => {
  assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', '2026-03-30T23:00:00Z'), [
    '2026-03-28T01:30:00.000Z',
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ]);
});

test('where the clocks go back a fixed hour comes once, every hour comes in real hours', () => {
  assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z'), [
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
  assert.equal(
    times('0 * * * *', 'Europe/Berlin', '2026-10-24T22:30:00Z', '2026-10-25T22:30:00Z').length,
    24,
  );
  const hours = times('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', '2026-10-25T02:30:00Z');
  const dates = hours.map((t) => dateOf(new Date(t), 'Europe/Berlin', 'minute'));
  assert.deepEqual(dates, ['20261025T0000Z', '20261025T0100Z', '20261025T0200Z']);
});

test('the 29th of February comes in leap years only, the 30th never', () => {
  assert.deepEqual(times('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', '2033-01-01T00:00:00Z'), [
    '2028-02-29T00:00:00.000Z',
    '2032-02-29T00:00:00.000Z',
  ]);
  assert.deepEqual(times('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'), []);
});

test('the date is that of the due time in the zone of the job', () => {
  assert.equal(dateOf(new Date('2026-11-21T23:30:00Z'), 'Europe/Berlin', 'day'), '20261122');
  assert.equal(dateOf(new Date('2026-11-22T01:30:00Z'), 'America/New_York', 'day'), '20261121');
});

test('an expression or a zone that does not exist is refused', () => {
  for (const [expression, zone] of [
    ['x y', 'UTC'],
    ['61 * * * *', 'UTC'],
    ['0 0 * * *', 'Mars/Base'],
  ] as const) {
    assert.throws(
      () => parseCron(expression, zone),
      (e) => isRotaError(e, 'SCHEDULE_INVALID'),
    );
  }
});

test('a new schedule starts with its next due time; each due time makes one run, on all hosts together', async () => {
  await withStore('2026-11-20T12:00:00Z', async (store, clock) => {
    const tools = { store, clock, log: silentLog };
    assert.deepEqual(await createDueRuns(nightly(), tools), []);
    assert.equal(
      (await nextDueAt(nightly(), subjectName('frwiki'), tools))?.toISOString(),
      '2026-11-21T01:30:00.000Z',
    );
    clock.setTimeOfDay('2026-11-21T01:29:59Z');
    assert.deepEqual(await createDueRuns(nightly(), tools), []);
    clock.setTimeOfDay('2026-11-21T01:30:00Z');
    const made = await Promise.all([createDueRuns(nightly(), tools), createDueRuns(nightly(), tools)]);
    assert.deepEqual(made.flat(), ['changes/frwiki/20261121']);
    assert.deepEqual(await createDueRuns(nightly(), tools), []);
  });
});

for (const [policy, dates] of [
  ['all', ['20261119', '20261120', '20261121', '20261122']],
  ['latest', ['20261122']],
  ['none', []],
] as const) {
  test(`after days of standing still, ${policy} makes up for ${dates.length} of the missed due times`, async () => {
    await withStore('2026-11-10T12:00:00Z', async (store, clock) => {
      const tools = { store, clock, log: silentLog };
      const schedule = nightly({ policy, withinMs: 4 * day });
      await createDueRuns(schedule, tools);
      clock.setTimeOfDay('2026-11-22T12:00:00Z');
      const made = await createDueRuns(schedule, tools);
      assert.deepEqual(
        made,
        dates.map((date) => `changes/frwiki/${date}`),
      );
      clock.setTimeOfDay('2026-11-23T01:31:00Z');
      assert.deepEqual(await createDueRuns(schedule, tools), ['changes/frwiki/20261123']);
    });
  });
}

test('a clock that was years ahead does not stop the schedule when it is right again', async () => {
  await withStore('2026-11-20T12:00:00Z', async (store, clock) => {
    const tools = { store, clock, log: silentLog };
    const schedule = nightly({ policy: 'latest', withinMs: day });
    await createDueRuns(schedule, tools);
    clock.setTimeOfDay('2036-01-01T12:00:00Z');
    assert.deepEqual(await createDueRuns(schedule, tools), ['changes/frwiki/20360101']);
    clock.setTimeOfDay('2026-11-20T12:01:00Z');
    assert.deepEqual(await createDueRuns(schedule, tools), []);
    clock.setTimeOfDay('2026-11-21T01:31:00Z');
    assert.deepEqual(await createDueRuns(schedule, tools), ['changes/frwiki/20261121']);
  });
});

test('a continuous job is due again when its cool-down is over, and not twice for one date', async () => {
  await withStore('2026-11-20T12:00:00Z', async (store, clock) => {
    const tools = { store, clock, log: silentLog };
    const schedule: Schedule = {
      ...nightly(),
      when: { kind: 'continuous', cooldownMs: 30 * hour, zone: 'UTC' },
    };
    const [first] = await createDueRuns(schedule, tools);
    assert.equal(first, 'changes/frwiki/20261120');
    assert.deepEqual(await createDueRuns(schedule, tools), []);
    const holder = { host: 'h', pid: 1, startedAt: clock.now() };
    const { guard } = await store.claimRun({
      id: first,
      holder,
      leaseMs: 30_000,
      slotLimits: {},
      resumeWithinMs: {},
    });
    clock.setTimeOfDay('2026-11-20T14:00:00Z');
    await store.endRun({ guard, ending: { state: 'done' } });
    clock.setTimeOfDay('2026-11-21T19:59:00Z');
    assert.deepEqual(await createDueRuns(schedule, tools), []);
    clock.setTimeOfDay('2026-11-21T20:00:00Z');
    assert.deepEqual(await createDueRuns(schedule, tools), ['changes/frwiki/20261121']);
    await store.requestRun({ id: 'changes/frwiki/20261121' as typeof first, request: 'cancel', by: 'anna' });
    const hourly: Schedule = { ...schedule, when: { kind: 'continuous', cooldownMs: hour, zone: 'UTC' } };
    clock.setTimeOfDay('2026-11-21T23:59:00Z');
    assert.deepEqual(await createDueRuns(hourly, tools), []);
    clock.setTimeOfDay('2026-11-22T00:00:00Z');
    assert.deepEqual(await createDueRuns(hourly, tools), ['changes/frwiki/20261122']);
  });
});

test('a run of a date far ahead, made by hand, does not keep a continuous job waiting until then', async () => {
  await withStore('2026-11-20T12:00:00Z', async (store, clock) => {
    const tools = { store, clock, log: silentLog };
    const when = { kind: 'continuous', cooldownMs: day, zone: 'UTC' } as const;
    const schedule: Schedule = { ...nightly(), when };
    const id = runId(jobName('changes'), subjectName('frwiki'), '20991231');
    await store.createRun({ id });
    const holder = { host: 'h', pid: 1, startedAt: clock.now() };
    const { guard } = await store.claimRun({
      id,
      holder,
      leaseMs: 30_000,
      slotLimits: {},
      resumeWithinMs: {},
    });
    await store.endRun({ guard, ending: { state: 'done' } });
    const [frwiki = subjectName('frwiki')] = schedule.subjects;
    assert.deepEqual(await nextDueAt(schedule, frwiki, tools), new Date('2026-11-21T12:00:00Z'));
    assert.deepEqual(await createDueRuns(schedule, tools), []);
    clock.setTimeOfDay('2026-11-21T12:00:00Z');
    assert.deepEqual(await createDueRuns(schedule, tools), ['changes/frwiki/20261121']);
    assert.deepEqual(await createDueRuns(schedule, tools), []);
  });
});

test('a clock that was years ahead does not keep a continuous job waiting for years, nor does it lose its cool-down', async () => {
  await withStore('2026-11-20T12:00:00Z', async (store, clock) => {
    const tools = { store, clock, log: silentLog };
    const when = { kind: 'continuous', cooldownMs: 30 * hour, zone: 'UTC' } as const;
    const schedule: Schedule = { ...nightly(), when };
    const endOf = async (id: RunId | undefined) => {
      const holder = { host: 'h', pid: 1, startedAt: clock.now() };
      const { guard } = await store.claimRun({
        id: id ?? assert.fail('no run was due'),
        holder,
        leaseMs: 30_000,
        slotLimits: {},
        resumeWithinMs: {},
      });
      await store.endRun({ guard, ending: { state: 'done' } });
    };
    clock.setTimeOfDay('2036-01-01T12:00:00Z');
    const [ahead] = await createDueRuns(schedule, tools);
    assert.equal(ahead, 'changes/frwiki/20360101');
    await endOf(ahead);
    for (const [now, expected] of [
      ['2026-11-20T12:00:00Z', ['changes/frwiki/20261120']],
      ['2026-11-21T12:00:00Z', []],
      ['2026-11-21T18:00:00Z', ['changes/frwiki/20261121']],
      ['2026-11-22T23:59:00Z', []],
      ['2026-11-23T00:00:00Z', ['changes/frwiki/20261123']],
    ] as const) {
      clock.setTimeOfDay(now);
      const made = await createDueRuns(schedule, tools);
      assert.deepEqual(made, expected, now);
      for (const id of made) await endOf(id);
    }
  });
});

test('a date far ahead, made by hand on a day that is done already, does not end a continuous job', async () => {
  await withStore('2026-11-20T12:00:00Z', async (store, clock) => {
    const tools = { store, clock, log: silentLog };
    const when = { kind: 'continuous', cooldownMs: hour, zone: 'UTC' } as const;
    const schedule: Schedule = { ...nightly(), when };
    const holder = { host: 'h', pid: 1, startedAt: clock.now() };
    await createDueRuns(schedule, tools);
    clock.setTimeOfDay('2026-11-20T12:10:00Z');
    await store.createRun({ id: runId(jobName('changes'), subjectName('frwiki'), '20991231') });
    for (const date of ['20261120', '20991231']) {
      const id = runId(jobName('changes'), subjectName('frwiki'), date);
      const rules = { leaseMs: 30_000, slotLimits: {}, resumeWithinMs: {} };
      const { guard } = await store.claimRun({ id, holder, ...rules });
      await store.endRun({ guard, ending: { state: 'done' } });
    }
    clock.setTimeOfDay('2026-11-20T20:00:00Z');
    assert.deepEqual(await createDueRuns(schedule, tools), []);
    clock.setTimeOfDay('2026-11-21T00:00:00Z');
    assert.deepEqual(await createDueRuns(schedule, tools), ['changes/frwiki/20261121']);
  });
});
