import type { CategoryForecast } from '../../forecast/forecast-scope.ts';
import type { Pace } from '../../forecast/three-point/three-point.ts';
import { addDays, dayNumber, type IsoDay, type Period, quarterName, quarterStart } from '../../model/days.ts';
import type { CategorySeries, Unit } from '../../model/series.ts';
import { ofUnit } from '../burn-up/layers.ts';
import { unitName } from '../draw/numbers.ts';
import type { Swatch } from '../draw/palette.ts';
import { dayAt, drawnDays } from '../draw/pixels.ts';
import type { Figure } from '../figure.ts';
import { drawLines, type Line } from '../lines/draw-lines.ts';
import { doneSentence } from '../sentences.ts';

const aheadWeeks = 13;

/** A category's scope and what is done of it, with what the three forecasts expect for a quarter of a year. */
export function categoryBurnUp(
  name: string,
  category: CategorySeries,
  forecast: CategoryForecast,
  period: Period,
  unit: Unit,
  swatch: Swatch,
): Figure {
  const { open, resolved } = ofUnit(category.daily, unit);
  const total = open.map((value, day) => value + (resolved[day] ?? 0));
  const first = Math.max(
    0,
    total.findIndex((value) => value > 0),
  );
  const from = dayAt(period, first);
  const to = addDays(period.asOf, 7 * aheadWeeks);
  const days = drawnDays(period, from, 700);
  const points = (series: Float64Array) =>
    days.map((day): readonly [IsoDay, number] => [dayAt(period, day), series[day] ?? 0]);
  const now = forecast.weeks.at(-1);
  const [done, scope] = [now?.resolved ?? 0, now?.total ?? 0];
  const ahead = (value: number, perWeek: number): Line['points'] => [
    [period.asOf, value],
    [to, value + perWeek * aheadWeeks],
  ];
  const fan = (label: string, style: string, pace: Pace): Line => ({
    label,
    style,
    points: ahead(done, pace.velocity),
  });
  const lines: Line[] = [
    { label: 'Scope', style: 'line thin s-soft', area: swatch.tint, points: points(total) },
    { label: 'Done', style: 'line', points: points(resolved) },
  ];
  if (now !== undefined && now.state !== 'complete') {
    lines[1] = { label: '', style: 'line', points: points(resolved) };
    lines[0] = { ...lines[0], label: '' } as Line;
    lines.push(
      { label: 'Scope, nominal', style: 'line thin s-soft dash', points: ahead(scope, now.nominal.growth) },
      {
        label: 'Scope, pessimistic',
        style: 'line thin s-soft dots',
        points: ahead(scope, now.pessimistic.growth),
      },
      fan('Done, optimistic', 'line thin dots', now.optimistic),
      fan('Done, nominal', 'line thin dash', now.nominal),
      fan('Done, pessimistic', 'line thin dots', now.pessimistic),
    );
  }
  const quarter = quarterStart(period.asOf);
  const chart = {
    from,
    to,
    asOf: period.asOf,
    lines,
    height: { wide: 360, narrow: 340 },
    box: { from: quarter, to: quarterStart(addDays(quarter, 95)), label: quarterName(period.asOf) },
  };
  const last = dayNumber(period.asOf);
  return {
    name,
    title: `Scope and work done, in ${unitName(unit)}`,
    sentence: doneSentence(forecast, unit),
    drawings: { wide: drawLines(chart, 'wide'), narrow: drawLines(chart, 'narrow') },
    table: {
      columns: [
        { key: 'week', title: 'Week to', kind: 'day' },
        { key: 'total', title: 'Scope', kind: 'number' },
        { key: 'resolved', title: 'Done', kind: 'number' },
      ],
      rows: forecast.weeks
        .filter((week) => dayNumber(week.week) <= last)
        .map((week) => [week.week, week.total, week.resolved]),
    },
  };
}
