import type { SeriesForecast } from '../forecast/forecast-scope.ts';
import { dateOf } from '../forecast/three-point/three-point.ts';
import type { Unit } from '../model/series.ts';
import { longDate } from './draw/dates.ts';
import { amount, percent, quantity } from './draw/numbers.ts';

/** "62 of 140 points done (44 %); nominal 12 March 2027." */
export function doneSentence(series: SeriesForecast, unit: Unit): string {
  const now = series.weeks.at(-1);
  if (now === undefined || now.total === 0)
    return `There are no ${unit === 'points' ? 'points' : 'tasks'} here.`;
  const done = `${quantity(now.resolved)} of ${amount(now.total, unit)} done (${percent(now.resolved / now.total)})`;
  return `${done}; ${nominalPhrase(series)}.`;
}

/** When the nominal forecast sees the end: "nominal 12 March 2027", or honestly why there is no date. */
export function nominalPhrase(series: SeriesForecast): string {
  const now = series.weeks.at(-1);
  if (now === undefined || now.state === 'complete') return 'all done';
  if (now.state === 'unstarted') return 'nothing has been finished yet, so there is no forecast';
  const date = dateOf(now.week, now.nominal);
  if (date !== null) return `nominal ${longDate(date)}`;
  return now.resolvedDelta <= 0 && lastWeeks(series) <= 0
    ? 'no progress in the last three weeks, and the scope grows as fast: no date'
    : 'at the nominal pace the scope grows as fast as work is done: no date';
}

function lastWeeks(series: SeriesForecast): number {
  return series.weeks.slice(-3).reduce((sum, week) => sum + week.resolvedDelta, 0);
}
