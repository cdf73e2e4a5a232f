/** One measured step of bench/tracker.ts, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultTags } from '../../src/config/phabricator-config.ts';
import { readScopeText } from '../../src/config/scopes/read-scope-file.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { makeReport } from '../../src/jobs/report/build/make-report.ts';
import { loadTracker } from '../../src/jobs/report/load/load-tracker.ts';
import { loadingData, readingData } from '../../src/jobs/report/loading/data-settings.ts';
import { DumpSource } from '../../src/jobs/report/phabricator/dump/dump-source.ts';
import { DataFile } from '../../src/jobs/report/store/data-file.ts';

const [step, from = '', to = '', more, part] = process.argv.slice(2);
const { signal } = new AbortController();
// Rota gives the engine a folder that is there; it makes only its own in it.
await mkdir(`${to}.tmp`, { recursive: true });

if (step === 'load') {
  await loadTracker({
    source: new DumpSource(from),
    target: to,
    previous: more ?? null,
    complete: more === undefined,
    tolerance: 0,
    data: loadingData(`${to}.tmp`),
    clock: systemClock,
    log: silentLog,
    signal,
    progress: () => {},
  });
} else if (part === undefined) {
  // As many at once as a worker makes by default, each in a process of its own.
  const parts = ['0', '1'].map((half) =>
    spawn(
      process.execPath,
      [...process.execArgv, import.meta.filename, 'reports', from, to, more ?? '', half],
      { stdio: 'inherit' },
    ),
  );
  const statuses = await Promise.all(parts.map(async (child) => (await once(child, 'close'))[0]));
  process.exitCode = Math.max(...statuses.map(Number));
} else {
  await using data = await DataFile.openReadOnly(from, readingData(`${to}.tmp`));
  for (let i = Number(part); i < Number(more); i += 2) {
    const board = 100 + i * 10;
    const scope = readScopeText(
      `team${i + 1}`,
      `title: Team ${i + 1}
startDate: 2024-11-01
rules:
  - { rule: Intersection, title: New, projects: [${board}, 1453] }
  - { rule: ParentTask, title: Pages, project: ${board}, match: page }
  - { rule: ProjectColumn, title: In review, project: ${board}, match: Review }
  - { rule: ProjectByID, title: Other, project: ${board} }
  - { rule: ProjectByID, title: Unplanned, project: ${board + 1}, display: hide }
`,
      'bench',
    );
    const build = { scope, asOf: '2026-11-21', tags: defaultTags, trackerUrl: null };
    await makeReport(data, build, { folder: join(to, scope.name), signal, allScopes: null });
  }
}
