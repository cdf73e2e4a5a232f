import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLog } from '../../core/log.ts';
import { ManualClock } from '../../core/manual-clock.ts';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import { claimed, dump, holder, id, leaseMs } from '../store/testing/store-fixture.ts';
import type { Alert, AlertSink } from './alert.ts';
import { datesToDelete } from './retention.ts';
import { type MonitorOptions, sweepOnce } from './run-monitor.ts';

class ListSink implements AlertSink {
  readonly name: string;
  readonly alerts: Alert[] = [];
  broken = false;
  constructor(name: string) {
    this.name = name;
  }
  async send(alert: Alert): Promise<void> {
    if (this.broken) throw new Error('no network');
    this.alerts.push(alert);
  }
}

async function withMonitor(
  body: (options: MonitorOptions & { clock: ManualClock }) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-monitor-'));
  const clock = new ManualClock();
  try {
    await using store = await openSqliteStore({ file: join(folder, 'rota.db'), clock });
    const jobs = [{ name: dump, overdueAfterMs: 3_600_000 }];
    await body({ store, jobs, holder: holder(), clock, log: silentLog, sinks: [], chores: [] });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const never = new AbortController().signal;

test('a sweep ends dead runs and does its chores in order, also after one that fails', async () => {
  await withMonitor(async (options) => {
    await claimed(options.store);
    await options.clock.advance(leaseMs);
    const did: string[] = [];
    const chores = ['pointers', 'retention', 'index'].map((name) => ({
      name,
      run: async () => {
        did.push(name);
        if (name === 'retention') throw new Error('no disk');
      },
    }));
    const report = await sweepOnce({ ...options, chores }, never);
    assert.deepEqual(report.stopped, [id('frwiki')]);
    assert.deepEqual(did, ['pointers', 'retention', 'index']);
    assert.deepEqual(report.failed, ['retention']);
    assert.equal(await options.store.readLease({ key: 'monitor' }), undefined);
  });
});

test('one monitor at a time does the chores', async () => {
  await withMonitor(async (options) => {
    let inner: unknown;
    const run = async () => {
      inner = await sweepOnce(options, never);
    };
    const report = await sweepOnce({ ...options, chores: [{ name: 'c', run }] }, never);
    assert.equal(report.otherMonitor, false);
    assert.equal((inner as { otherMonitor: boolean }).otherMonitor, true);
  });
});

test('failed, held, overdue and full disks are told once each, and again only when they happen again', async () => {
  await withMonitor(async (options) => {
    const { store, clock } = options;
    const sink = new ListSink('a');
    const monitor = { ...options, sinks: [sink], disks: async () => [{ path: '/dumps', text: '97 % full' }] };
    const failed = await claimed(store, 'a');
    await store.endRun({
      guard: failed.guard,
      ending: { state: 'failed', error: { code: 'DISK_FULL', message: 'no room' } },
    });
    const held = await claimed(store, 'b');
    await store.endRun({ guard: held.guard, ending: { state: 'held', reason: 'shrunk by 9 %' } });
    await store.createRun({ id: id('c') });
    for (let i = 0; i < 3; i++) await sweepOnce(monitor, never);
    assert.deepEqual(sink.alerts.map((a) => a.title).sort(), [
      'disk: /dumps',
      'full-dump/a/20260101 failed',
      'full-dump/b/20260101 waits for approval',
    ]);
    assert.match(sink.alerts.find((a) => a.kind === 'failed')?.text ?? '', /DISK_FULL: no room/);
    await clock.advance(3_600_001);
    sink.alerts.length = 0;
    for (let i = 0; i < 2; i++) await sweepOnce(monitor, never);
    assert.deepEqual(
      sink.alerts.map((a) => a.title).sort(),
      ['a', 'b', 'c'].map((s) => `full-dump/${s}/20260101 is overdue`),
    );
    sink.alerts.length = 0;
    await store.resumeRun({ id: id('a'), by: 'anna' });
    const again = await store.claimRun({
      id: id('a'),
      holder: holder(),
      leaseMs,
      slotLimits: {},
      resumeWithinMs: {},
    });
    await store.endRun({
      guard: again.guard,
      ending: { state: 'failed', error: { code: 'DISK_FULL', message: 'no room' } },
    });
    await sweepOnce(monitor, never);
    assert.deepEqual(
      sink.alerts.map((a) => a.title),
      ['full-dump/a/20260101 failed'],
    );
  });
});

test('an alert that was not delivered is tried again, and not told twice to those who have it', async () => {
  await withMonitor(async (options) => {
    const { guard } = await claimed(options.store, 'a');
    await options.store.endRun({ guard, ending: { state: 'held', reason: 'odd' } });
    const sinks = [new ListSink('good'), new ListSink('bad')] as const;
    sinks[1].broken = true;
    assert.deepEqual((await sweepOnce({ ...options, sinks }, never)).failed, ['alerts']);
    sinks[1].broken = false;
    await sweepOnce({ ...options, sinks }, never);
    assert.deepEqual(
      sinks.map((s) => s.alerts.length),
      [1, 1],
    );
  });
});

test('a sink that hangs is waited for once in a sweep, one that refuses at once for each alert; the others get theirs', async () => {
  await withMonitor(async (options) => {
    const { clock } = options;
    const disks = async () => ['/a', '/b', '/c', '/d'].map((path) => ({ path, text: 'full' }));
    const tries = { hangs: 0, refuses: 0 };
    const sink = (name: 'hangs' | 'refuses', failsAfterMs: number): AlertSink => ({
      name,
      send: async () => {
        tries[name] += 1;
        await clock.advance(failsAfterMs);
        throw new Error('not taken');
      },
    });
    const good = new ListSink('good');
    const sinks = [sink('hangs', 25_000), sink('refuses', 10), good];
    const report = await sweepOnce({ ...options, leaseMs: 600_000, disks, sinks }, never);
    assert.deepEqual(report.failed, ['alerts']);
    assert.deepEqual(tries, { hangs: 1, refuses: 4 });
    assert.equal(good.alerts.length, 4);
  });
});

test('retention keeps N, what a pointer names and what latest named in the last hour', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const dates = [
    { date: '20261101', pointed: false },
    { date: '20260901', pointed: true },
    { date: '20260801', pointed: false, latestUntil: new Date('2026-11-22T11:30:00Z') },
    { date: '20260701', pointed: false, latestUntil: new Date('2026-11-22T11:00:00Z') },
    { date: '20261120', pointed: true },
    { date: '20260601', pointed: false },
  ];
  assert.deepEqual(datesToDelete({ dates, keep: 2, now }), ['20260601', '20260701']);
  assert.deepEqual(datesToDelete({ dates, keep: 9, now }), []);
  assert.throws(() => datesToDelete({ dates, keep: 0, now }));
});
