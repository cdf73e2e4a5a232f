import { csvOf, type Table } from '../../charts/table.ts';
import type { ScopeForecast } from '../../forecast/forecast-scope.ts';
import { shares } from '../../forecast/monte-carlo/monte-carlo.ts';
import { addDays, dayCount } from '../../model/days.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import type { StatusReport } from '../../model/status-report.ts';
import type { TaskRef } from '../../model/tasks.ts';
import type { ReportFile } from '../report-file.ts';
import { originNames, stateNames } from '../scope/status-page.ts';

export interface DataFile {
  readonly path: string;
  readonly title: string;
  /** Made when it is written: one table at a time is in memory. */
  readonly table: () => Table;
}

/** The data of a report that does not belong to one chart. */
export function dataFiles(model: ScopeModel, forecast: ScopeForecast): readonly DataFile[] {
  const files: DataFile[] = [
    {
      path: 'data/daily-counts.csv',
      title: 'Tasks and points of each day, category and status',
      table: () => dailyCounts(model),
    },
    {
      path: 'data/forecast.csv',
      title: 'The three-point forecasts of each week and category',
      table: () => forecastTable(forecast),
    },
    {
      path: 'data/monte-carlo.csv',
      title: 'Dates by likelihood, of each category and the whole',
      table: () => monteCarloTable(forecast),
    },
    { path: 'data/open-tasks.csv', title: 'Open tasks', table: () => openTasks(model) },
    { path: 'data/unpointed.csv', title: 'Open tasks without points', table: () => unpointed(model) },
    {
      path: 'data/recently-closed.csv',
      title: 'Tasks closed in the last 14 days',
      table: () => recentlyClosed(model),
    },
    {
      path: 'data/closed-within-a-year.csv',
      title: 'Tasks closed in the last 365 days',
      table: () => closedTable(model.closedTasks),
    },
  ];
  if (model.statusReports !== null) {
    const { window, lastQuarter } = model.statusReports;
    files.push(
      { path: 'data/status-report.csv', title: 'Status report', table: () => statusTable(window) },
      {
        path: 'data/status-report-last-quarter.csv',
        title: 'Status report of the last quarter',
        table: () => statusTable(lastQuarter),
      },
    );
  }
  return files;
}

export function writeDataFile(file: DataFile): ReportFile {
  return { path: file.path, content: csvOf(file.table()) };
}

export function recentlyClosedTasks(model: ScopeModel): ScopeModel['closedTasks'] {
  const since = addDays(model.asOf, -14);
  return model.closedTasks.filter((task) => task.closed > since);
}

/** Those that are open and have no points of their own or by default. */
export function unpointedTasks(model: ScopeModel): ScopeModel['openTasks'] {
  return model.openTasks.filter((task) => task.points === null);
}

function dailyCounts(model: ScopeModel): Table {
  const rows: Table['rows'][number][] = [];
  for (let day = 0, days = dayCount(model); day < days; day++) {
    const date = addDays(model.start, day);
    for (const { name, daily } of model.categories) {
      const open = daily.openCount[day] ?? 0;
      const resolved = daily.resolvedCount[day] ?? 0;
      if (open > 0) rows.push([date, name, 'open', open, daily.openPoints[day] ?? 0]);
      if (resolved > 0) rows.push([date, name, 'resolved', resolved, daily.resolvedPoints[day] ?? 0]);
    }
  }
  return {
    columns: [day('date'), text('category'), text('status'), number('count'), number('points')],
    rows,
  };
}

function forecastTable(forecast: ScopeForecast): Table {
  const rows = (['points', 'count'] as const).flatMap((unit) =>
    forecast[unit].categories.flatMap(({ name, weeks }) =>
      weeks.map((week) => [
        name,
        week.week,
        unit,
        week.total,
        week.resolved,
        ...[week.pessimistic, week.nominal, week.optimistic].flatMap((p) => [
          p.velocity,
          p.growth,
          p.weeksLeft,
        ]),
      ]),
    ),
  );
  const paces = ['pes', 'nom', 'opt'].flatMap((name) => [
    number(`${name}_vel`),
    number(`${name}_growth`),
    number(`${name}_weeks_left`),
  ]);
  return {
    columns: [text('category'), day('week'), text('unit'), number('total'), number('resolved'), ...paces],
    rows,
  };
}

function monteCarloTable(forecast: ScopeForecast): Table {
  const rows = (['points', 'count'] as const).flatMap((unit) =>
    [{ name: '', monteCarlo: forecast[unit].whole.monteCarlo }, ...forecast[unit].categories].flatMap(
      ({ name, monteCarlo }) =>
        monteCarlo.kind !== 'forecast'
          ? [[name, unit, monteCarlo.kind, ...shares.map(() => null), null]]
          : (['changing', 'fixed'] as const).map((scope) => [
              name,
              unit,
              `${scope} scope`,
              ...monteCarlo[scope].dates,
              monteCarlo[scope].noDate,
            ]),
    ),
  );
  const dates = shares.map((share) => day(`likely_${Math.round(share * 100)}`));
  return {
    columns: [text('category'), text('unit'), text('forecast'), ...dates, number('no_date_share')],
    rows,
  };
}

function openTasks(model: ScopeModel): Table {
  return {
    columns: [...taskColumns, text('status'), text('column'), day('created'), day('started')],
    rows: model.openTasks.map((task) => [
      ...taskCells(task),
      task.status,
      task.column,
      task.created,
      task.started,
    ]),
  };
}

function unpointed(model: ScopeModel): Table {
  return { columns: taskColumns, rows: unpointedTasks(model).map(taskCells) };
}

function recentlyClosed(model: ScopeModel): Table {
  return closedTable(recentlyClosedTasks(model));
}

function closedTable(tasks: ScopeModel['closedTasks']): Table {
  return {
    columns: [...taskColumns, day('created'), day('started'), day('closed'), text('estimated')],
    rows: tasks.map((task) => [
      ...taskCells(task),
      task.created,
      task.started,
      task.closed,
      task.estimated ? 'yes' : 'no',
    ]),
  };
}

function statusTable(report: StatusReport): Table {
  return {
    columns: [...taskColumns, text('scope'), text('status')],
    rows: report.tasks.map((task) => [...taskCells(task), originNames[task.origin], stateNames[task.state]]),
  };
}

const taskColumns = [text('id'), text('title'), text('category'), number('points'), text('priority')];

function taskCells(task: TaskRef) {
  return [`T${task.id}`, task.title, task.category, task.points, task.priority];
}

function text(key: string) {
  return { key, title: key, kind: 'text' as const };
}

function day(key: string) {
  return { key, title: key, kind: 'day' as const };
}

function number(key: string) {
  return { key, title: key, kind: 'number' as const };
}
