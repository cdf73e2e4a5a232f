import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FarmConfig } from '../../../config/farm-config.ts';
import { makeFolder, writeFileAtomic } from '../../../publish/files/durable.ts';
import type { Trees } from '../../../publish/workspace/tree.ts';
import type { ReportJson } from '../pages/data/report-json.ts';
import { boardPicture, renderGroup } from '../pages/farm/group-page.ts';
import { renderIndex, type ScopeEntry } from '../pages/farm/index-page.ts';
import { renderScopeHome } from '../pages/farm/scope-home.ts';
import type { ReportFailure } from './report-failure.ts';
import { datedReport, reportsFolder, scopeFolder } from './report-place.ts';

/**
 * Writes the pages above the dated reports from what these say of themselves: all scopes, groups, each scope's home. The
 * caller holds the lease `publish/report/index`. Memory: the report.json of every scope.
 */
export async function writeReportsIndex({
  farm,
  trees,
}: {
  readonly farm: FarmConfig;
  readonly trees: Trees;
}): Promise<void> {
  const root = reportsFolder(trees);
  await makeFolder(root, trees.public.folderMode);
  const write = (path: string, content: string) =>
    writeFileAtomic(path, content, { mode: trees.public.fileMode });
  const entries: ScopeEntry[] = [];
  const pictures = new Map<string, string | null>();
  for (const [scope, { title }] of farm.scopes) {
    const home = scopeFolder(trees, scope);
    const names = await readdir(home).catch(() => null);
    if (names === null) continue;
    const days = names
      .filter((name) => datedReport.test(name))
      .sort()
      .reverse();
    const report = await newestReport(home, days);
    const failure = await failureOf(home, report);
    const entry = { scope, title, report, folder: `${scope}/${report?.asOf ?? ''}/`, failure };
    entries.push(entry);
    const dates = days.map((day) => ({ day, differences: names.includes(`${day}-differences.html`) }));
    const page = renderScopeHome({ entry, dates, allScopes: '../index.html' });
    await write(join(home, page.path), page.content);
  }
  for (const [name, group] of farm.groups) {
    const scopes = group.scopes.flatMap((scope) => entries.filter((entry) => entry.scope === scope));
    for (const { scope, report, folder } of scopes) {
      if (report === null || pictures.has(scope)) continue;
      const file = join(root, folder, boardPicture(report));
      pictures.set(scope, await readFile(file, 'utf8').catch(() => null));
    }
    const pictureOf = (scope: string) => pictures.get(scope) ?? null;
    const page = renderGroup({ name, title: group.title, scopes }, 'index.html', pictureOf);
    await write(join(root, page.path), page.content);
  }
  const groups = [...farm.groups].map(([name, { title }]) => ({ title, href: `${name}.html` }));
  const index = renderIndex(entries, groups);
  await write(join(root, index.path), index.content);
}

async function newestReport(home: string, days: readonly string[]): Promise<ReportJson | null> {
  for (const day of days) {
    const report = await readJson<ReportJson>(join(home, day, 'report.json'));
    if (report !== null) return report;
  }
  return null;
}

/** What failed counts only until a report of that day, or a later one, is there. */
async function failureOf(home: string, report: ReportJson | null): Promise<ScopeEntry['failure']> {
  const failure = await readJson<ReportFailure>(join(home, 'failed.json'));
  if (failure === null || (report !== null && report.asOf >= failure.asOf)) return null;
  return { day: failure.asOf, kind: failure.kind ?? 'failed' };
}

async function readJson<T>(file: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return null;
  }
}
