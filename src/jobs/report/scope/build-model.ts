import { setImmediate } from 'node:timers/promises';
import type { TagIds } from '../../../config/phabricator-config.ts';
import type { ScopeConfig, ScopeRule } from '../../../config/scope-config.ts';
import { dayNumber, type IsoDay } from '../model/days.ts';
import type { ScopeModel } from '../model/scope-model.ts';
import { digestOf } from '../phabricator/form/digest.ts';
import type { DataFile } from '../store/data-file.ts';
import type { SegmentContext } from './make-segments.ts';
import { decidingProjects, makeSegments } from './make-segments.ts';
import { readPossibilities } from './possibilities.ts';
import { readQuality } from './quality.ts';
import { readParents } from './read-parents.ts';
import { readPasts } from './read-pasts.ts';
import { readAncestry, readProjects } from './read-scope.ts';
import { type ResolvedRules, resolveRules } from './resolve-rules.ts';
import { ruleViews, tasksByRule } from './rule-views.ts';
import { scopePeriod } from './scope-period.ts';
import { scopeSeries } from './scope-series.ts';
import type { ScopeTask, TaskPast } from './scope-task.ts';
import { statusReport } from './status-report.ts';
import { TaskLists } from './task-lists.ts';
import { zoneDays } from './zone-days.ts';

/** So many tasks are worked on before anything else has its turn. */
const tasksAtOnce = 2000;

export interface BuildOptions {
  readonly scope: ScopeConfig;
  readonly asOf: IsoDay;
  readonly tags: TagIds;
  /** Where tasks are shown; null makes no links. */
  readonly trackerUrl: string | null;
}

export interface BuiltScope {
  readonly model: ScopeModel;
  /** Rules that cannot match anything, as sentences. */
  readonly problems: readonly string[];
  readonly tasks: readonly ScopeTask[];
  /** Ids of the tasks that each rule puts into the scope on the as-of day; none where it puts none. */
  readonly tasksByRule: ReadonlyMap<ScopeRule, ReadonlySet<number>>;
}

/** Everything that a scope's report is made from, out of the loaded tracker. Memory: the pasts of the scope's tasks. */
export async function buildModel(file: DataFile, options: BuildOptions): Promise<BuiltScope> {
  const { scope, tags, trackerUrl } = options;
  const period = scopePeriod(scope, options.asOf);
  const asOf = dayNumber(period.asOf);
  const zone = { zone: zoneDays(scope.zone), asOf };
  const tracker = await readProjects(file);
  const phidOf = (id: number) => tracker.find((project) => project.id === id)?.phid ?? null;
  const rules = resolveRules(scope.rules, tracker);
  const status =
    scope.statusReport === null ? null : tracker.find(({ id }) => id === scope.statusReport?.project);
  const wanted = rules.projects.flatMap(({ phid }) => (phid === null ? [] : [phid]));
  if (status !== null && status !== undefined) wanted.push(status.phid);
  const pasts = await readPasts(file, [...new Set(wanted)], zone);
  const tagPhids = {
    new: phidOf(tags.new),
    maintenance: phidOf(tags.maintenance),
    category: phidOf(tags.category),
    goal: phidOf(tags.goal),
  };
  const context = await segmentContext(file, scope, rules, tagPhids, zone);
  const tasks: ScopeTask[] = [];
  // What its pages list one by one is kept with its past.
  const inStatusProject: { readonly past: TaskPast; readonly task: ScopeTask }[] = [];
  let passed = 0;
  for (const past of pasts) {
    // The lease of the run wants to be renewed meanwhile.
    passed += 1;
    if (passed % tasksAtOnce === 0) await setImmediate();
    const task = makeSegments(past, context, asOf);
    if (isEverInScope(task)) tasks.push(task);
    if (past.memberships.some(({ project }) => project === status?.phid))
      inStatusProject.push({ past, task });
  }
  const start = dayNumber(period.start);
  const lists = new TaskLists({ start, asOf });
  for (const task of tasks) lists.add(task);
  const { openTasks, closedTasks, changes, resolutions, points } = lists;
  const cutoff = period.cutoff === null ? null : dayNumber(period.cutoff);
  const missing =
    status === undefined ? [`the status project ${scope.statusReport?.project} is not public`] : [];
  const model: ScopeModel = {
    scope: scope.name,
    title: scope.title,
    asOf: period.asOf,
    start: period.start,
    tracker: trackerUrl,
    settings: {
      showPoints: scope.showPoints,
      showCount: scope.showCount,
      resolvedCutoff: period.cutoff,
      retroactiveCategories: scope.retroactiveCategories,
      retroactivePoints: scope.retroactivePoints,
      defaultPoints: scope.defaultPoints,
    },
    ...scopeSeries(tasks, rules, { start, asOf, cutoff }),
    openTasks,
    closedTasks,
    changes,
    resolutions,
    points,
    statusReports: status ? await statusReports(file, status, period, inStatusProject, zone) : null,
    rulesDigest: digestOf(JSON.stringify(scope.rules.map(({ place: _, ...rule }) => rule))),
    rules: ruleViews(scope, rules, tasks, asOf),
    possibilities: await readPossibilities(file, pasts, tasks, context, asOf),
    quality: await readQuality(file, { pasts, tasks, asOf, projects: wanted }),
  };
  return {
    model,
    problems: [...rules.problems, ...missing],
    tasks,
    tasksByRule: tasksByRule(rules, tasks, asOf),
  };
}

function isEverInScope(task: ScopeTask): boolean {
  return task.segments.some(({ category }) => category !== null);
}

async function segmentContext(
  file: DataFile,
  scope: ScopeConfig,
  rules: ResolvedRules,
  tags: SegmentContext['tags'],
  zone: Parameters<typeof readAncestry>[2],
): Promise<SegmentContext> {
  const needsAncestors = scope.rules.some(({ kind }) => kind === 'ParentTask');
  const roots = needsAncestors ? [tags.category, tags.goal].filter((phid) => phid !== null) : [];
  const { ancestry, titles } = await readAncestry(file, roots, zone);
  return {
    scope,
    rules,
    tags,
    deciding: decidingProjects(rules, tags),
    ancestors: (task) =>
      [...(ancestry.get(task) ?? [])].map(([root, days]) => ({
        id: root,
        title: titles.get(root) ?? '',
        days,
      })),
  };
}

async function statusReports(
  file: DataFile,
  project: { readonly id: number; readonly phid: string; readonly name: string },
  period: ReturnType<typeof scopePeriod>,
  both: readonly { readonly past: TaskPast; readonly task: ScopeTask }[],
  zone: Parameters<typeof readAncestry>[2],
): Promise<NonNullable<ScopeModel['statusReports']>> {
  const parentsOf = await readParents(file, zone);
  const report = ({ from, to }: { readonly from: IsoDay; readonly to: IsoDay }) =>
    statusReport(project, { from: dayNumber(from), to: dayNumber(to) }, both, parentsOf);
  return { window: report(period.statusWindow), lastQuarter: report(period.lastQuarter) };
}
