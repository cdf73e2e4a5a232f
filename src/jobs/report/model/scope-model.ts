import type { IsoDay } from './days.ts';
import type { RuleView } from './rule-view.ts';
import type { CategorySeries, FlowSeries } from './series.ts';
import type { StatusReport } from './status-report.ts';
import type { ClosedTask, OpenTask, TaskChange } from './tasks.ts';

/** What a scope's report is made from: everything that its pages, tables and forecasts show of one scope, as of one day. */
export interface ScopeModel {
  /** The scope's short name; it is part of file names (a `Subject`). */
  readonly scope: string;
  readonly title: string;
  /** The last day that the report knows. */
  readonly asOf: IsoDay;
  /** The first day of the history; index 0 of every daily series. */
  readonly start: IsoDay;
  /** Where tasks are shown, `https://phabricator.example.org`, without a final slash; null makes no links. */
  readonly tracker: string | null;
  readonly settings: ScopeSettings;
  /** In the order of the rules, so that the first is drawn lowest. Names are unique. */
  readonly categories: readonly CategorySeries[];
  /**
   * Weekly flows over the whole scope; moving from a category to another is no flow here.
   * `visible` leaves out the hidden categories (so a move into one is a removal), `all` has them.
   */
  readonly flows: { readonly visible: FlowSeries; readonly all: FlowSeries };
  /** Tasks per board column and day, over all categories; columns of one name are one. For the cumulative flow. */
  readonly columns: readonly ColumnSeries[];
  /** Per day, priority and kind of work: what was resolved. Only rows with a count above 0. */
  readonly resolutions: readonly Resolution[];
  /** Tasks of the scope that are not resolved as of the day. */
  readonly openTasks: readonly OpenTask[];
  /** Tasks that are resolved, and were closed in the last 365 days; the newest closure first. */
  readonly closedTasks: readonly ClosedTask[];
  /** What changed in the 7 days up to the as-of day, for "why did the date move". */
  readonly changes: readonly TaskChange[];
  /** All tasks as of the day, by priority, points and state. */
  readonly points: readonly PointsCell[];
  /** Null where the scope names no status project. */
  readonly statusReports: { readonly window: StatusReport; readonly lastQuarter: StatusReport } | null;
  readonly rules: readonly RuleView[];
  /** Of the rules as they are configured: the same as long as nobody edits them. */
  readonly rulesDigest: number;
  /** What rules could match: the projects, columns and titles of ancestors that the scope's tasks have today. */
  readonly possibilities: readonly Possibility[];
  readonly quality: DataQuality;
}

export interface ScopeSettings {
  readonly showPoints: boolean;
  readonly showCount: boolean;
  /** What was resolved before this day is left out of the main burn-up (`CategorySeries.sinceCutoff`). */
  readonly resolvedCutoff: IsoDay | null;
  readonly retroactiveCategories: boolean;
  readonly retroactivePoints: boolean;
  readonly defaultPoints: number | null;
}

export interface ColumnSeries {
  /** Empty for tasks that are in no column, or in the default one. */
  readonly name: string;
  /** Tasks that are open, per day from `start` to `asOf`. */
  readonly open: Float64Array;
}

export interface Resolution {
  readonly day: IsoDay;
  readonly priority: string;
  /** By the tags for new functionality and maintenance; null has neither. */
  readonly work: 'new' | 'maintenance' | null;
  readonly count: number;
  readonly points: number;
}

export interface PointsCell {
  readonly priority: string;
  readonly points: number | null;
  readonly state: 'open' | 'resolved';
  readonly count: number;
}

export interface Possibility {
  readonly kind: 'project' | 'column' | 'ancestor';
  /** The project's id, the board's project id, the ancestor's task id. */
  readonly id: number;
  readonly name: string;
  readonly count: number;
}

export interface DataQuality {
  /** When the source was made and when it was loaded, ISO times in UTC. */
  readonly sourceAt: string | null;
  readonly loadedAt: string | null;
  /** Closed tasks without a closing row, whose closure is estimated. */
  readonly estimatedClosures: number;
  /** Project and column ids that the source names but does not hold. */
  readonly unknownProjects: number;
  readonly unknownColumns: number;
  /** Tasks whose category cannot be told, because their column is private or gone. */
  readonly inUnknownColumns: number;
  /** Tasks with a status that Rota does not know: they count as open. */
  readonly unknownStatuses: number;
  /** Tasks of the whole tracker that could not be read: how many, and some of them. */
  readonly setAsideCount: number;
  readonly setAside: readonly { readonly task: string; readonly reason: string }[];
  /** Tasks of the scope that the last load had and this one has not. */
  readonly gone: number;
}
