/**
 * Several hosts that look at random times, an outage of up to 40 days, clocks that are set back by an hour, and zones
 * with daylight saving: every date becomes one run, whatever happens. The oracle is the calendar, not cron.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { dateOf } from '../../src/control/schedule/due-times.ts';
import { createDueRuns } from '../../src/control/schedule/run-scheduler.ts';
import type { CatchUp, Schedule } from '../../src/control/schedule/schedule.ts';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { jobName, subjectName } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { ManualClock } from '../../src/core/manual-clock.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Cairo's clocks change at midnight, Lord Howe's by half an hour. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Cairo',
] as const;
/** Before both changes of the clocks, in both hemispheres, and before a leap day. */
const starts = [
  '2026-03-20T12:00:00Z',
  '2026-10-15T12:00:00Z',
  '2028-02-20T12:00:00Z',
  '2026-03-05T12:00:00Z',
  '2026-04-20T12:00:00Z',
] as const;

/** Any minute of the day, most often in the hours that some nights skip or have twice. */
const timeOfDay = fc
  .record({
    hour: fc.oneof({ weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.integer({ min: 0, max: 23 })),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  .map(({ hour, minute }) => `${minute} ${hour} * * *`);

type Step = { readonly host: 0 | 1; readonly passMs: number; readonly backMs: number };

const step: fc.Arbitrary<Step> = fc.record({
  host: fc.constantFrom(0, 1),
  passMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 * hour }) },
    { weight: 1, arbitrary: fc.integer({ min: day, max: 40 * day }) },
  ),
  // Each host's clock is set back now and then, and runs on from there.
  backMs: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(hour) }),
});

interface Played {
  readonly created: readonly string[];
  /** How many times a look came after more than one due date had passed. */
  readonly perLook: readonly number[];
  readonly firstMs: number;
  /** The latest time that any host has looked at. */
  readonly latestMs: number;
}

async function play(
  zone: string,
  start: string,
  minute: string,
  steps: readonly Step[],
  catchUp: CatchUp,
): Promise<Played> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-catch-up-'));
  const clock = new ManualClock(start);
  try {
    await using store = await openSqliteStore({ file: join(folder, 'rota.db'), clock });
    const schedule: Schedule = {
      job: jobName('changes'),
      subjects: [subjectName('frwiki')],
      when: { kind: 'cron', expression: minute, zone },
      catchUp,
    };
    const offMs = [0, 0];
    let nowMs = new Date(start).getTime();
    let latestMs = nowMs;
    const created: string[] = [];
    const perLook: number[] = [];
    const look = async (host: 0 | 1) => {
      const seenMs = nowMs - (offMs[host] ?? 0);
      clock.setTimeOfDay(new Date(seenMs));
      latestMs = Math.max(latestMs, seenMs);
      const runs = await createDueRuns(schedule, { store, clock, log: silentLog });
      created.push(...runs);
      perLook.push(runs.length);
    };
    await look(0);
    for (const { host, passMs, backMs } of steps) {
      nowMs += passMs;
      offMs[host] = Math.min(hour, (offMs[host] ?? 0) + backMs);
      await look(host);
    }
    return { created, perLook, firstMs: new Date(start).getTime(), latestMs };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every calendar date of the zone whose due time lies between; some dates do not have the time of day. */
function calendar(zone: string, firstMs: number, latestMs: number): string[] {
  const dates = new Set<string>();
  for (let ms = firstMs; ms <= latestMs; ms += hour / 2) dates.add(dateOf(new Date(ms), zone, 'day'));
  return [...dates];
}

test('with catch-up of all, every date becomes exactly one run', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.constantFrom(...starts),
      timeOfDay,
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async (zone, start, expression, steps) => {
        const { created, firstMs, latestMs } = await play(zone, start, expression, steps, {
          policy: 'all',
          withinMs: 400 * day,
        });
        const dates = created.map((id) => id.split('/')[2] ?? '');
        assert.equal(new Set(dates).size, dates.length, 'no date twice');
        assert.deepEqual(dates, [...dates].sort(), 'oldest first');
        // All dates between; the first and last count when the time of day had passed.
        const all = calendar(zone, firstMs, latestMs);
        const inner = all.slice(1, -1);
        for (const date of inner) assert.ok(dates.includes(date), `${date} is missing`);
        for (const date of dates) assert.ok(all.includes(date), `${date} was never due`);
      },
    ),
    { numRuns: 15 },
  );
});

test('with catch-up of the latest, no look makes more than one run, and the newest date has one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.constantFrom(...starts),
      timeOfDay,
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async (zone, start, expression, steps) => {
        const { created, perLook, firstMs, latestMs } = await play(zone, start, expression, steps, {
          policy: 'latest',
          withinMs: 400 * day,
        });
        assert.ok(perLook.every((count) => count <= 1));
        assert.equal(new Set(created).size, created.length);
        const newest = calendar(zone, firstMs, latestMs).slice(1, -1).at(-1);
        const dates = created.map((id) => id.split('/')[2] ?? '');
        if (newest !== undefined) assert.ok((dates.at(-1) ?? '') >= newest, `${newest} is missing`);
      },
    ),
    { numRuns: 15 },
  );
});

test('an outage of 40 days is made up for within the window only, or not at all', async () => {
  const steps: readonly Step[] = [{ host: 0, passMs: 40 * day, backMs: 0 }];
  for (const zone of zones) {
    const count = async (catchUp: CatchUp) =>
      (await play(zone, '2026-03-20T12:00:00Z', '30 2 * * *', steps, catchUp)).created.length;
    assert.equal(await count({ policy: 'all', withinMs: 60 * day }), 40);
    assert.equal(await count({ policy: 'all', withinMs: 10 * day }), 10);
    assert.equal(await count({ policy: 'latest', withinMs: 60 * day }), 1);
    assert.equal(await count({ policy: 'none', withinMs: 60 * day }), 0);
  }
});
