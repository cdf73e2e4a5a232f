import { join, relative, resolve } from 'node:path';
import { defaultTags } from '../../config/phabricator-config.ts';
import type { ScopeConfig } from '../../config/scope-config.ts';
import { isScopeFile } from '../../config/scopes/find-scope.ts';
import { durationText } from '../../core/duration-text.ts';
import { makeReport } from '../../jobs/report/build/make-report.ts';
import { refuseUnlessReport, replaceReport } from '../../jobs/report/build/report-folder.ts';
import { readingData } from '../../jobs/report/loading/data-settings.ts';
import { type BuiltScope, buildModel } from '../../jobs/report/scope/build-model.ts';
import { compareRules, compareScopes, type RuleChange } from '../../jobs/report/scope/compare-scopes.ts';
import { DataFile } from '../../jobs/report/store/data-file.ts';
import { checkDay } from '../check-dates.ts';
import type { Cli } from '../cli.ts';
import type { Column } from '../output/table.ts';
import { lastLoad } from './last-load.ts';
import { asOfDay, findScope } from './run-report-build.ts';
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
  const output = resolve(cli.io.cwd, options.output);
  await refuseUnlessReport(output);
  const scope = await findScope(cli, name);
  // With a scope file and --data no rota.yaml is needed.
  const farm = options.data !== undefined && isScopeFile(name) ? null : await cli.farm();
  const path = options.data === undefined ? (await lastLoad(cli)).path : resolve(cli.io.cwd, options.data);
  await using folder = await temporaryFolder();
  await using file = await DataFile.openReadOnly(path, readingData(folder.path));
  const asOf = await asOfDay(cli, file, { asked: options.asOf, scope });
  const build = {
    scope,
    asOf,
    tags: farm?.phabricator?.tags ?? defaultTags,
    trackerUrl: farm?.phabricator?.url ?? null,
  };
  const after = await buildModel(file, build);
  const { problems } = after;
  const published = isScopeFile(name) ? farm?.scopes.get(scope.name) : undefined;
  const before = published === undefined ? null : await buildModel(file, { ...build, scope: published });
  const rulesOf = (built: BuiltScope, { rules }: ScopeConfig) => ({ rules, tasks: built.tasksByRule });
  const now = rulesOf(after, scope);
  const changes = compareRules(
    before === null || published === undefined ? now : rulesOf(before, published),
    now,
  );
  const compared: readonly Column<RuleChange>[] = [
    { title: 'GAINED', value: ({ gained }) => String(gained), align: 'right' },
    { title: 'LOST', value: ({ lost }) => String(lost), align: 'right' },
  ];
  tellRules(cli, changes, before === null ? [] : compared);
  const difference = before === null ? null : compareScopes(before.tasks, after.tasks, asOf);
  if (difference !== null) {
    const { gained, lost, moved } = difference;
    cli.out.remark(
      `rota: against ${scope.name} in rota.yaml: ${gained} tasks gained, ${lost} lost, ${moved} in another category`,
    );
  }
  if (cli.out.json) cli.out.line({ scope: scope.name, asOf, problems, ...difference }, '');
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

/** With --json a line for each rule; where there is nothing to compare with, without what was gained and lost. */
function tellRules(cli: Cli, changes: readonly RuleChange[], compared: readonly Column<RuleChange>[]): void {
  if (cli.out.json) {
    for (const { rule, tasks, gained, lost, isGone } of changes) {
      const told = compared.length === 0 ? {} : { gained, lost, isGone };
      const { place, kind, title, display } = rule;
      cli.out.line({ place, kind, title, display, tasks, ...told }, '');
    }
    return;
  }
  cli.out.table(
    [
      { title: 'RULE', value: ({ rule, isGone }) => (isGone ? '(gone)' : rule.place), shrinks: true },
      { title: 'KIND', value: ({ rule }) => rule.kind },
      { title: 'CATEGORY', value: ({ rule }) => rule.title ?? '(each project)', shrinks: true },
      { title: 'SHOWN', value: ({ rule }) => rule.display },
      { title: 'TASKS', value: ({ tasks }) => String(tasks), align: 'right' },
      ...compared,
    ],
    changes,
    'no rules',
  );
}
