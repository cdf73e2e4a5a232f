import { join, relative, resolve } from 'node:path';
import { defaultTags } from '../../config/phabricator-config.ts';
import { isScopeFile } from '../../config/scopes/find-scope.ts';
import { makeReport } from '../../jobs/report/build/make-report.ts';
import { replaceReport } from '../../jobs/report/build/report-folder.ts';
import { newestDay } from '../../jobs/report/load/newest-day.ts';
import { readingData } from '../../jobs/report/loading/data-settings.ts';
import { buildModel } from '../../jobs/report/scope/build-model.ts';
import { compareScopes } from '../../jobs/report/scope/compare-scopes.ts';
import { DataFile } from '../../jobs/report/store/data-file.ts';
import type { Cli } from '../cli.ts';
import { durationText } from '../output/quantities.ts';
import { lastLoad } from './last-load.ts';
import { checkDay, findScope } from './run-report-build.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ReportPreviewOptions {
  readonly output: string;
  readonly asOf?: string;
  readonly data?: string;
}

/** A scope as its configuration is now, on the last load: what its rules catch, and its report aside. */
export async function runReportPreview(
  cli: Cli,
  name: string,
  options: ReportPreviewOptions,
): Promise<undefined> {
  const begunMs = cli.clock.monotonicMs();
  checkDay(options.asOf, '--as-of');
  const scope = await findScope(cli, name);
  // With a scope file and --data no rota.yaml is needed.
  const farm = options.data !== undefined && isScopeFile(name) ? null : await cli.farm();
  const path = options.data === undefined ? (await lastLoad(cli)).path : resolve(cli.io.cwd, options.data);
  await using folder = await temporaryFolder();
  await using file = await DataFile.openReadOnly(path, readingData(folder.path));
  const asOf = options.asOf ?? (await newestDay(file, scope.zone));
  const build = {
    scope,
    asOf,
    tags: farm?.phabricator?.tags ?? defaultTags,
    trackerUrl: farm?.phabricator?.url ?? null,
  };
  const output = resolve(cli.io.cwd, options.output);
  const { model, problems, tasks } = await buildModel(file, build);
  cli.out.table(
    [
      { title: 'RULE', value: (rule) => rule.place, shrinks: true },
      { title: 'KIND', value: (rule) => rule.kind },
      { title: 'CATEGORY', value: (rule) => rule.title ?? '(each project)', shrinks: true },
      { title: 'SHOWN', value: (rule) => rule.display },
      { title: 'TASKS', value: (rule) => String(rule.tasks), align: 'right' },
    ],
    model.rules.map(({ kind, title, display, tasks: count }, i) => ({
      place: scope.rules[i]?.place ?? '',
      kind,
      title,
      display,
      tasks: count,
    })),
    'no rules',
  );
  const published = farm?.scopes.get(scope.name);
  if (published !== undefined && isScopeFile(name)) {
    const before = await buildModel(file, { ...build, scope: published });
    const { gained, lost, moved } = compareScopes(before.tasks, tasks, asOf);
    cli.out.remark(
      `rota: against ${scope.name} in rota.yaml: ${gained} tasks gained, ${lost} lost, ${moved} in another category`,
    );
  }
  for (const problem of problems) cli.out.remark(`rota: ${problem}`);
  const written = await replaceReport(output, (aside) =>
    makeReport(file, build, { folder: aside, signal: cli.signal, allScopes: null }),
  );
  const index = join(output, 'index.html');
  const took = durationText(cli.clock.monotonicMs() - begunMs);
  cli.out.remark(
    `rota: ${scope.name} as of ${asOf}: ${written.files} files in ${took}; open ${relative(cli.io.cwd, index)}`,
  );
  return undefined;
}
