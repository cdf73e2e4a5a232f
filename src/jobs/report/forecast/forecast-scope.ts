import { type IsoDay, weekEnds } from '../model/days.ts';
import type { ScopeModel } from '../model/scope-model.ts';
import type { DailySeries, Display, FlowSeries, Unit } from '../model/series.ts';
import { type BackTest, backTest } from './monte-carlo/back-test.ts';
import { type MonteCarlo, monteCarlo } from './monte-carlo/monte-carlo.ts';
import { type ThreePointWeek, threePoint } from './three-point/three-point.ts';
import { weeklyLevels } from './three-point/weekly-levels.ts';
import { type WhyMoved, whyMoved } from './why-moved.ts';

/** All forecasts of a scope: plain data, the same for the same model. */
export interface ScopeForecast {
  readonly scope: string;
  readonly asOf: IsoDay;
  readonly points: UnitForecast;
  readonly count: UnitForecast;
}

export interface UnitForecast {
  /** Over the categories that are shown. */
  readonly whole: SeriesForecast;
  readonly backTest: BackTest;
  readonly whyMoved: WhyMoved;
  /** In the model's order, hidden ones too. */
  readonly categories: readonly CategoryForecast[];
}

export interface SeriesForecast {
  /** The three-point forecast of each week that has a task; the last is today's unless there is none. */
  readonly weeks: readonly ThreePointWeek[];
  readonly monteCarlo: MonteCarlo;
}

export interface CategoryForecast extends SeriesForecast {
  readonly name: string;
  readonly display: Display;
}

const paths = 10_000;
/** The past is played with fewer paths: a hundred forecasts, of which only shares are counted. */
const backTestPaths = 1000;

/** Forecasts a scope: about a quarter of a second of one core for two years of six categories. */
export function forecastScope(model: ScopeModel): ScopeForecast {
  return {
    scope: model.scope,
    asOf: model.asOf,
    points: forecastUnit(model, 'points'),
    count: forecastUnit(model, 'count'),
  };
}

function forecastUnit(model: ScopeModel, unit: Unit): UnitForecast {
  const seed = `${model.scope} ${model.asOf} ${unit}`;
  const shown = model.categories.filter((category) => category.display === 'show').map((c) => c.daily);
  const flows = model.flows.visible[unit];
  const open = openAtWeekEnds(model, shown, unit);
  return {
    whole: forecastSeries(model, shown, model.flows.visible, unit, seed),
    backTest: backTest({ flows, open, paths: backTestPaths, seed: `${seed} back-test` }),
    whyMoved: whyMoved({ flows, open, asOf: model.asOf }),
    categories: model.categories.map((category) => ({
      name: category.name,
      display: category.display,
      ...forecastSeries(model, [category.daily], category.flows, unit, `${seed} ${category.name}`),
    })),
  };
}

function forecastSeries(
  model: ScopeModel,
  daily: readonly DailySeries[],
  flows: FlowSeries,
  unit: Unit,
  seed: string,
): SeriesForecast {
  const open = openAtWeekEnds(model, daily, unit);
  const week = open.length - 1;
  return {
    weeks: threePoint(weeklyLevels(model, daily, unit)),
    monteCarlo: monteCarlo({ open: open[week] ?? 0, flows: flows[unit], week, day: model.asOf, paths, seed }),
  };
}

/** What is open at the end of each week, of one or several categories. */
export function openAtWeekEnds(
  model: ScopeModel,
  daily: readonly DailySeries[],
  unit: Unit,
): readonly number[] {
  const weeks = weekEnds(model).length;
  return Array.from({ length: weeks }, (_, week) =>
    daily.reduce((sum, series) => {
      const values = unit === 'points' ? series.openPoints : series.openCount;
      return sum + (values[values.length - 1 - 7 * (weeks - 1 - week)] ?? 0);
    }, 0),
  );
}
