import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { defaultTags } from '../../src/config/phabricator-config.ts';
import type { ScopeConfig, ScopeRule } from '../../src/config/scope-config.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { defaultTrackerOptions } from '../../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../src/demo/tracker/write-tracker-dump.ts';
import { loadTracker } from '../../src/jobs/report/load/load-tracker.ts';
import { dayNumber, isoDay } from '../../src/jobs/report/model/days.ts';
import { DumpSource } from '../../src/jobs/report/phabricator/dump/dump-source.ts';
import { buildModel } from '../../src/jobs/report/scope/build-model.ts';
import { DataFile } from '../../src/jobs/report/store/data-file.ts';
import { edgeType, slowState } from '../../src/jobs/report/testing/slow-state.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/**
 * What reports say of each day, against a second implementation that works it out from the dump's rows: day by day, task by
 * task, rule by rule.
 */

type Row = readonly unknown[];
interface Task {
  readonly info: Row;
  readonly transactions: Readonly<Record<string, readonly Row[] | null>>;
  readonly edge?: readonly Row[];
}
interface Dump {
  readonly task: Readonly<Record<string, Task>>;
  readonly project: { readonly projects: readonly Row[]; readonly columns: readonly Row[] };
}

const rule = (kind: ScopeRule['kind'], more: Partial<ScopeRule>): ScopeRule => ({
  kind,
  title: null,
  display: 'show',
  forceResolved: false,
  projects: [],
  match: null,
  place: 'test',
  ...more,
});

const scope: ScopeConfig = {
  name: 'web',
  title: 'Web',
  defaultPoints: 1.5,
  startDate: '2025-01-01',
  zone: 'UTC',
  showPoints: true,
  showCount: true,
  resolvedCutoff: null,
  statusReport: null,
  retroactiveCategories: false,
  retroactivePoints: false,
  rules: [
    rule('ProjectByID', { title: 'Security', projects: [54], display: 'omit' }),
    rule('Intersection', { title: 'Documented', projects: [100, 51] }),
    rule('ProjectColumn', { title: 'In review', projects: [100], match: 'Rev' }),
    rule('ParentTask', { title: 'Pages', projects: [100], match: 'page' }),
    rule('ProjectByName', { title: 'Unplanned', match: 'Web: unplanned work', display: 'hide' }),
    rule('ProjectsByWildcard', { match: 'Mobile' }),
    rule('ProjectByID', { title: 'New in web', projects: [100], forceResolved: false }),
    rule('ProjectByID', { title: 'Done by decree', projects: [50], forceResolved: true }),
  ],
};

let folder: TemporaryFolder;
let dump: Dump;
let file: string;

before(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'tracker.dump');
  const options = { ...defaultTrackerOptions, tasks: 600, oddities: 0.3, teams: ['Web', 'Mobile'] };
  await writeTrackerDump(file, options, { signal: new AbortController().signal });
  dump = JSON.parse(await readFile(file, 'utf8'));
});
after(() => folder[Symbol.asyncDispose]());

for (const zone of ['UTC', 'Europe/Berlin', 'America/Los_Angeles']) {
  test(`daily counts are those that the dump's rows give, day by day and task by task (${zone})`, async () => {
    const model = await modelOf({ ...scope, zone }, '2026-11-20');
    const first = dayNumber(model.start);
    const last = dayNumber(model.asOf);
    let compared = 0;
    for (let day = first; day <= last; day += 37) {
      const expected = slowCounts(isoDay(day), zone);
      const found = new Map<string, { count: number; points: number }>();
      for (const { name, daily } of model.categories) {
        const i = day - first;
        for (const state of ['open', 'resolved'] as const) {
          const count = daily[`${state}Count`][i] ?? Number.NaN;
          const points = daily[`${state}Points`][i] ?? Number.NaN;
          if (count !== 0) found.set(`${name} ${state}`, { count, points });
        }
      }
      assert.deepEqual(new Map([...found].sort()), new Map([...expected].sort()), isoDay(day));
      compared += expected.size;
    }
    assert.ok(compared > 120, `${compared} numbers were compared`);
  });
}

async function modelOf(given: ScopeConfig, asOf: string) {
  const target = join(folder.path, `${given.zone.replace('/', '-')}.duckdb`);
  const data = { memoryBytes: 64e6, threads: 1, temporaryFolder: join(folder.path, 'tmp') };
  await loadTracker({
    source: new DumpSource(file),
    target,
    previous: null,
    complete: true,
    tolerance: 0,
    data,
    clock: systemClock,
    log: silentLog,
    signal: new AbortController().signal,
    progress: () => {},
  });
  await using opened = await DataFile.openReadOnly(target, data);
  return (await buildModel(opened, { scope: given, asOf, tags: defaultTags, trackerUrl: null })).model;
}

/** The first second after a day in a zone, found by trying. */
function endOfDay(day: string, zone: string): number {
  const next = isoDay(dayNumber(day) + 1);
  const format = new Intl.DateTimeFormat('sv', { timeZone: zone });
  let second = (dayNumber(day) - 1) * 86_400;
  while (format.format(new Date(second * 1000)) < next) second += 900;
  return second;
}

function slowCounts(day: string, zone: string): Map<string, { count: number; points: number }> {
  const end = endOfDay(day, zone);
  const phidOf = new Map(dump.project.projects.map((row) => [Number(row[0]), String(row[2])]));
  const named = dump.project.projects.map((row) => ({
    id: Number(row[0]),
    name: String(row[1]),
    phid: String(row[2]),
  }));
  const rules = scope.rules.flatMap((r) => {
    if (r.kind === 'ProjectByName') {
      return named
        .filter((p) => p.name === r.match)
        .map((p) => ({ ...r, phids: [p.phid], title: r.title ?? p.name }));
    }
    if (r.kind === 'ProjectsByWildcard') {
      const found = named.filter((p) => p.name.includes(r.match ?? '')).sort((a, b) => a.id - b.id);
      return found.map((p) => ({ ...r, phids: [p.phid], title: p.name }));
    }
    return [{ ...r, phids: r.projects.map((id) => phidOf.get(id) ?? ''), title: r.title ?? '' }];
  });
  const ordered = [...new Set(rules.flatMap((r) => r.phids))];
  const parents = slowParents(end);
  const byPhid = new Map(Object.values(dump.task).map((task) => [String(task.info[1]), task]));
  const tagPhids = [1656, 2169].map((id) => phidOf.get(id) ?? '');
  const isTagged = (task: Task) =>
    slowState(task, end)?.projects.some((phid) => tagPhids.includes(phid)) === true;
  const counts = new Map<string, { count: number; points: number }>();
  for (const task of Object.values(dump.task)) {
    const state = slowState(task, end);
    if (state === null || ['declined', 'invalid', 'duplicate'].includes(state.status)) continue;
    const board = ordered.find((phid) => state.projects.includes(phid));
    if (board === undefined) continue;
    const row = dump.project.columns.find((column) => column[1] === state.columns[board]);
    const column = row === undefined || String(row[8]).includes('isDefault') ? '' : String(row[2]);
    const titles = isTagged(task)
      ? [String(task.info[6])]
      : ancestorsOf(String(task.info[1]), parents)
          .map((phid) => byPhid.get(phid))
          .filter((other) => other !== undefined)
          .filter(isTagged)
          .map((other) => String(other.info[6]));
    const match = rules.find(
      (r) =>
        r.phids.every((phid) => state.projects.includes(phid)) &&
        (r.kind !== 'ProjectColumn' || (column !== '' && column.includes(r.match ?? ''))) &&
        (r.kind !== 'ParentTask' || titles.some((title) => title.includes(r.match ?? ''))),
    );
    if (match === undefined || match.display === 'omit') continue;
    const word = match.forceResolved || state.status === 'resolved' ? 'resolved' : 'open';
    const key = `${match.title} ${word}`;
    const sum = counts.get(key) ?? { count: 0, points: 0 };
    counts.set(key, {
      count: sum.count + 1,
      points: sum.points + (state.points ?? scope.defaultPoints ?? 0),
    });
  }
  return counts;
}

/** Child to parents, as either end tells it. */
function slowParents(end: number): Map<string, Set<string>> {
  const parents = new Map<string, Set<string>>();
  const add = (child: string, parent: string) => {
    parents.set(child, (parents.get(child) ?? new Set()).add(parent));
  };
  for (const task of Object.values(dump.task)) {
    const me = String(task.info[1]);
    for (const row of task.transactions['core:edge'] ?? []) {
      if (Number(row[10]) >= end) continue;
      const type = edgeType(row);
      const value = JSON.parse(String(row[8]));
      for (const other of Array.isArray(value) ? value : Object.keys(value)) {
        if (type === 4) add(me, other);
        if (type === 3) add(other, me);
      }
    }
  }
  return parents;
}

function ancestorsOf(phid: string, parents: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const found = new Set<string>();
  const queue = [phid];
  for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
    for (const parent of parents.get(task) ?? []) {
      if (found.has(parent)) continue;
      found.add(parent);
      queue.push(parent);
    }
  }
  return [...found].filter((other) => other !== phid);
}
