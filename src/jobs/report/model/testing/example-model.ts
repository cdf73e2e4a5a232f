import { addDays, dayCount, daysBetween, type IsoDay, quarterStart } from '../days.ts';
import type { ScopeModel, ScopeSettings } from '../scope-model.ts';
import type { StatusReport, StatusTask } from '../status-report.ts';
import { deriveModel, type ExampleCategory } from './derive-model.ts';
import { exampleTeam, type TeamOptions } from './example-team.ts';
import type { TaskLife } from './task-life.ts';

export interface ExampleOptions extends Partial<Omit<TeamOptions, 'days'>> {
  readonly scope?: string;
  readonly title?: string;
  readonly asOf?: IsoDay;
  readonly start?: IsoDay;
  readonly settings?: Partial<ScopeSettings>;
  /** Instead of an invented team. */
  readonly tasks?: readonly TaskLife[];
}

const verbs = [
  'Show',
  'Cache',
  'Translate',
  'Move',
  'Rewrite',
  'Test',
  'Document',
  'Speed up',
  'Remove',
  'Allow',
];
const things = [
  'the language menu',
  'thumbnails',
  'edit notices',
  'the watchlist',
  'search suggestions',
  'page previews',
];
const places = [
  'on mobile',
  'for new users',
  'in right-to-left languages',
  'on slow networks',
  'in the API',
  '',
];

/** A whole model for tests and for looking at pages: two years of an invented team, the same for the same options. */
export function exampleModel(options: ExampleOptions = {}): ScopeModel {
  const asOf = options.asOf ?? '2026-11-22';
  const start = options.start ?? addDays(asOf, -730);
  const categories = options.categories ?? exampleCategories;
  const cutoff = options.settings?.resolvedCutoff ?? null;
  const tasks =
    options.tasks ??
    exampleTeam({
      seed: options.seed ?? 1,
      days: dayCount({ start, asOf }),
      categories,
      initial: options.initial ?? 210,
      arrivals: options.arrivals ?? 3.4,
      velocity: options.velocity ?? 4.6,
      titles:
        options.titles ??
        ((random) => `${random.pick(verbs)} ${random.pick(things)} ${random.pick(places)}`.trimEnd()),
    });
  const derived = deriveModel(
    { start, asOf },
    cutoff === null ? null : daysBetween(start, cutoff),
    categories,
    tasks,
  );
  const lastQuarter = quarterStart(addDays(quarterStart(asOf), -1));
  return {
    ...derived,
    scope: options.scope ?? 'garden',
    title: options.title ?? 'Garden tools',
    asOf,
    start,
    tracker: 'https://phabricator.example.org',
    settings: {
      showPoints: true,
      showCount: true,
      resolvedCutoff: null,
      retroactiveCategories: false,
      retroactivePoints: false,
      defaultPoints: null,
      ...options.settings,
    },
    statusReports: {
      window: statusReport(derived, quarterStart(asOf), asOf),
      lastQuarter: statusReport(derived, lastQuarter, addDays(quarterStart(asOf), -1)),
    },
    rules: categories.map(({ name, display }, i) => ({
      kind: i === 0 ? 'Intersection' : i === 1 ? 'ProjectColumn' : 'ProjectByID',
      title: name,
      display,
      forceResolved: false,
      projects:
        i === 0
          ? [
              { id: 100, name: 'Garden-Team' },
              { id: 101, name: 'Epic' },
            ]
          : [{ id: 100 + i, name: `Garden-${i}` }],
      match: i === 1 ? 'Q4' : null,
      tasks: derived.openTasks.filter((task) => task.category === name).length,
    })),
    rulesDigest: 1,
    possibilities: [
      { kind: 'project', id: 100, name: 'Garden-Team', count: tasks.length },
      { kind: 'column', id: 100, name: 'Doing', count: 12 },
      { kind: 'ancestor', id: 4711, name: 'Grow the garden', count: 7 },
    ],
    quality: {
      sourceAt: `${asOf}T02:00:00Z`,
      loadedAt: `${asOf}T04:12:00Z`,
      estimatedClosures: 3,
      unknownProjects: 1,
      unknownColumns: 2,
      inUnknownColumns: 4,
      unknownStatuses: 0,
      setAsideCount: 1,
      setAside: [{ task: 'T4712', reason: 'a status that is not text' }],
      gone: 0,
    },
  };
}

export const exampleCategories: readonly ExampleCategory[] = [
  { name: 'Reading on small screens', display: 'show' },
  { name: 'Language switching', display: 'show' },
  { name: 'Performance', display: 'show' },
  { name: 'Accessibility', display: 'show' },
  { name: 'Interrupts and unplanned work', display: 'show' },
  { name: 'Icebox', display: 'hide' },
];

function statusReport(
  derived: Pick<ScopeModel, 'openTasks' | 'closedTasks'>,
  from: IsoDay,
  to: IsoDay,
): StatusReport {
  const origin = (created: IsoDay, id: number): StatusTask['origin'] =>
    created < from ? 'in-scope' : id % 3 === 0 ? 'elaborated' : id % 3 === 1 ? 'screep' : 'unknown';
  const done = derived.closedTasks.filter((task) => task.closed >= from && task.closed <= to);
  const open = derived.openTasks.filter((task) => task.created <= to);
  return {
    project: { id: 483, name: 'Garden-Quarterly' },
    from,
    to,
    tasks: [
      ...done.map(({ id, title, category, points, priority, created }) => ({
        ...{ id, title, category, points, priority },
        origin: origin(created, id),
        state: 'done' as const,
      })),
      ...open.slice(0, 60).map(({ id, title, category, points, priority, created }) => ({
        ...{ id, title, category, points, priority },
        origin: origin(created, id),
        state: id % 11 === 0 ? ('cut' as const) : id % 7 === 0 ? ('reopened' as const) : ('open' as const),
      })),
    ],
  };
}
