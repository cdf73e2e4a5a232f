import { dayNumber, type IsoDay, isoDay, quarterName, quarterStart } from '../../model/days.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import type { Unit } from '../../model/series.ts';
import { drawBars } from '../bars/draw-bars.ts';
import { tickLabel } from '../bars/week-labels.ts';
import { monthDate } from '../draw/dates.ts';
import { amount, quantity, unitName } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';
import { comparePriorities, priorityFills } from './priorities.ts';

export type Per = 'week' | 'month' | 'quarter';

/** At most so many bars, the newest. */
const mostBars = { week: 104, month: 36, quarter: 16 } as const;

/** What was resolved in each week, month or quarter, the most urgent at the bottom. */
export function doneBars(model: ScopeModel, unit: Unit, per: Per): Figure {
  const priorities = [...new Set(model.resolutions.map((row) => row.priority))].sort(comparePriorities);
  const periods = periodsOf(model, per);
  const sums = new Map(periods.map((period) => [period, priorities.map(() => 0)]));
  for (const row of model.resolutions) {
    const values = sums.get(periodOf(row.day, per, model.asOf));
    const place = priorities.indexOf(row.priority);
    if (values !== undefined) values[place] = (values[place] ?? 0) + row[unit];
  }
  const totals = periods.map((period) => sums.get(period)?.reduce((sum, value) => sum + value, 0) ?? 0);
  const fills = priorityFills(priorities);
  const chart = {
    bars: periods.map((period, i) => ({
      ...barName(period, periods[i - 1], per),
      values: sums.get(period) ?? [],
    })),
    parts: priorities.map((name, i) => ({ name, fill: fills[i] ?? 'fill-other' })),
    height: { wide: 320, narrow: 340 },
  };
  const before = totals.slice(0, -1);
  const mean = before.reduce((sum, value) => sum + value, 0) / Math.max(1, before.length);
  const current = per === 'week' ? 'the last week' : `this ${per} so far`;
  return {
    name: `done-per-${per}-${unit}`,
    title: `${unit === 'points' ? 'Points' : 'Tasks'} done per ${per}, by priority`,
    sentence: `${amount(totals.at(-1) ?? 0, unit)} done in ${current}; ${quantity(mean)} in an average ${per} before.`,
    drawings: { wide: drawBars(chart, 'wide'), narrow: drawBars(chart, 'narrow') },
    table: {
      columns: [
        {
          key: per,
          title: per === 'week' ? 'Week to' : `${per === 'month' ? 'Month' : 'Quarter'} from`,
          kind: 'day',
        },
        ...priorities.map((name) => ({ key: name, title: name, kind: 'number' as const })),
        { key: 'total', title: `All ${unitName(unit)}`, kind: 'number' },
      ],
      rows: periods.map((period, i) => [period, ...(sums.get(period) ?? []), totals[i] ?? 0]),
    },
  };
}

/** Weeks are known by their last day, counted back from the as-of day; months and quarters by their first. */
export function periodOf(day: IsoDay, per: Per, asOf: IsoDay): IsoDay {
  if (per === 'month') return `${day.slice(0, 7)}-01`;
  if (per === 'quarter') return quarterStart(day);
  const behind = dayNumber(asOf) - dayNumber(day);
  return isoDay(dayNumber(day) + (behind % 7));
}

/** All of them, empty ones too: a quiet week is news. */
export function periodsOf(model: ScopeModel, per: Per): readonly IsoDay[] {
  const periods: IsoDay[] = [];
  for (let day = dayNumber(model.start); day <= dayNumber(model.asOf); day++) {
    const period = periodOf(isoDay(day), per, model.asOf);
    if (periods.at(-1) !== period) periods.push(period);
  }
  // What came to pass before the history began is not known: the first week or month may be a part only.
  return periods.slice(-mostBars[per]);
}

function barName(period: IsoDay, before: IsoDay | undefined, per: Per) {
  if (per === 'week') return tickLabel(period, before);
  const newYear = before !== undefined && before.slice(0, 4) !== period.slice(0, 4);
  if (per === 'quarter') return { label: quarterName(period), strong: newYear };
  return newYear
    ? { label: period.slice(0, 4), strong: true }
    : { label: monthDate(period).slice(0, 3), strong: false };
}
