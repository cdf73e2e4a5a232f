import { burnUp } from '../../charts/burn-up/burn-up.ts';
import { coloursOf } from '../../charts/burn-up/layers.ts';
import { swatch } from '../../charts/draw/palette.ts';
import type { Figure } from '../../charts/figure.ts';
import { ageingWork } from '../../charts/flow/ageing-work.ts';
import { cumulativeFlow } from '../../charts/flow/cumulative-flow.ts';
import { cycleScatter } from '../../charts/flow/cycle-scatter.ts';
import { backTestChart } from '../../charts/forecasts/back-test-chart.ts';
import { categoryBurnUp } from '../../charts/forecasts/category-burn-up.ts';
import { finishDates } from '../../charts/forecasts/finish-dates.ts';
import { forecastOverview } from '../../charts/forecasts/forecast-overview.ts';
import { moveBars } from '../../charts/forecasts/move-bars.ts';
import { scopeChange } from '../../charts/forecasts/scope-change.ts';
import { velocityBars } from '../../charts/forecasts/velocity-bars.ts';
import { weeksRemaining } from '../../charts/forecasts/weeks-remaining.ts';
import { doneBars, type Per } from '../../charts/work/done-bars.ts';
import { maintenanceFraction } from '../../charts/work/maintenance.ts';
import { pointsHistogram } from '../../charts/work/points-histogram.ts';
import { throughput } from '../../charts/work/throughput.ts';
import type { ScopeForecast } from '../../forecast/forecast-scope.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import type { Unit } from '../../model/series.ts';

/** What a report is made of: the model with its forecast, and what of it is shown. */
export interface ReportInput {
  readonly model: ScopeModel;
  readonly forecast: ScopeForecast;
  /** What the scope wants to see: points, count or both. */
  readonly units: readonly Unit[];
  readonly hasHidden: boolean;
}

export function reportInput(model: ScopeModel, forecast: ScopeForecast): ReportInput {
  const { showPoints, showCount } = model.settings;
  const units: Unit[] = [];
  if (showPoints) units.push('points');
  if (showCount || !showPoints) units.push('count');
  return { model, forecast, units, hasHidden: model.categories.some(({ display }) => display === 'hide') };
}

export function burnUpFigures(
  { model, forecast, units, hasHidden }: ReportInput,
  range: 'all' | 'last-quarter',
): Figure[] {
  const choices = hasHidden ? [false, true] : [false];
  return choices.flatMap((hidden) =>
    units.map((unit) => burnUp(model, forecast[unit], { unit, range, hidden })),
  );
}

export function forecastFigures({ model, forecast, units, hasHidden }: ReportInput): Figure[] {
  return units.flatMap((unit) => {
    const { categories, whole, backTest, whyMoved } = forecast[unit];
    const figures = [forecastOverview(forecast[unit], unit, model.asOf, false)];
    if (hasHidden && categories.length > 0)
      figures.push(forecastOverview(forecast[unit], unit, model.asOf, true));
    if (whole.monteCarlo.kind === 'forecast')
      figures.push(finishDates(`finish-dates-${unit}`, whole.monteCarlo, unit, model.asOf));
    figures.push(weeksRemaining(`weeks-remaining-${unit}`, '', whole, unit, model.asOf));
    if (whyMoved.kind === 'moved') figures.push(moveBars(whyMoved, unit));
    if (backTest.made > 0) figures.push(backTestChart(backTest, unit));
    return figures;
  });
}

export function overviewFigures(input: ReportInput): Figure[] {
  const { model, forecast, units } = input;
  const [unit = 'count'] = units;
  return [
    burnUp(model, forecast[unit], { unit, range: 'all', hidden: false }),
    forecastOverview(forecast[unit], unit, model.asOf, false),
    scopeChange(forecast[unit].whole, model.flows.visible[unit], model, unit),
  ];
}

/** Scope change in the unit that the overview does not show. */
export function scopeChangeFigures({ model, forecast, units }: ReportInput): Figure[] {
  return units.map((unit) => scopeChange(forecast[unit].whole, model.flows.visible[unit], model, unit));
}

export function categoryFigures({ model, forecast, units }: ReportInput, place: number): Figure[] {
  const category = model.categories[place];
  if (category === undefined) return [];
  const colour = swatch(coloursOf(model.categories).get(category.name) ?? 'other');
  return units.flatMap((unit) => {
    const series = forecast[unit].categories[place];
    if (series === undefined) return [];
    const name = `category-${place + 1}`;
    const figures = [
      categoryBurnUp(`${name}-burn-up-${unit}`, category, series, model, unit, colour),
      velocityBars(`${name}-velocity-${unit}`, series, unit),
      weeksRemaining(`${name}-weeks-remaining-${unit}`, '', series, unit, model.asOf),
    ];
    if (series.monteCarlo.kind === 'forecast')
      figures.push(finishDates(`${name}-finish-dates-${unit}`, series.monteCarlo, unit, model.asOf));
    return figures;
  });
}

export function workFigures({ model, units }: ReportInput): Figure[] {
  const pers: readonly Per[] = ['week', 'month', 'quarter'];
  return [
    throughput(model),
    ...units.flatMap((unit) => pers.map((per) => doneBars(model, unit, per))),
    ...units.map((unit) => maintenanceFraction(model, unit)),
    pointsHistogram(model),
  ];
}

export function velocityFigures({ forecast, units }: ReportInput): Figure[] {
  return units.map((unit) => velocityBars(`velocity-${unit}`, forecast[unit].whole, unit));
}

export function flowFigures({ model }: ReportInput): Figure[] {
  return [
    cumulativeFlow(model),
    cycleScatter(model, 'cycle'),
    cycleScatter(model, 'lead'),
    ageingWork(model),
  ];
}
