import type { SeriesForecast } from '../../forecast/forecast-scope.ts';
import type { Unit } from '../../model/series.ts';
import { drawBars } from '../bars/draw-bars.ts';
import { tickLabel } from '../bars/week-labels.ts';
import { quantity, unitName } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';

/** What was done each week, and the three velocities that the forecasts of that week took from it. */
export function velocityBars(name: string, series: SeriesForecast, unit: Unit): Figure {
  const weeks = series.weeks.slice(-104);
  const chart = {
    bars: weeks.map((week, i) => ({
      ...tickLabel(week.week, weeks[i - 1]?.week),
      values: [week.resolvedDelta],
    })),
    parts: [{ name: 'Done in the week', fill: 'faint' }],
    lines: [
      {
        name: 'Pessimistic',
        style: 'line thin s-bad',
        fill: 'f-bad',
        values: weeks.map((week) => week.pessimistic.velocity),
      },
      { name: 'Nominal', style: 'line', fill: 'ink', values: weeks.map((week) => week.nominal.velocity) },
      {
        name: 'Optimistic',
        style: 'line thin s-good',
        fill: 'f-good',
        values: weeks.map((week) => week.optimistic.velocity),
      },
    ],
    height: { wide: 280, narrow: 290 },
  };
  const now = weeks.at(-1);
  return {
    name,
    title: `Velocity: ${unitName(unit)} done a week`,
    sentence:
      now === undefined
        ? 'There is nothing yet.'
        : `${quantity(now.resolvedDelta)} in the last week; forecasts reckon with ${quantity(now.pessimistic.velocity)}, ${quantity(now.nominal.velocity)} or ${quantity(now.optimistic.velocity)} a week (pessimistic, nominal, optimistic). Below zero more was reopened, moved or cut down than done.`,
    drawings: { wide: drawBars(chart, 'wide'), narrow: drawBars(chart, 'narrow') },
    table: {
      columns: [
        { key: 'week', title: 'Week to', kind: 'day' },
        { key: 'done', title: 'Done', kind: 'number' },
        { key: 'pessimistic', title: 'Pessimistic', kind: 'number' },
        { key: 'nominal', title: 'Nominal', kind: 'number' },
        { key: 'optimistic', title: 'Optimistic', kind: 'number' },
      ],
      rows: weeks.map((week) => [
        week.week,
        week.resolvedDelta,
        ...[week.pessimistic, week.nominal, week.optimistic].map(
          (pace) => Math.round(pace.velocity * 1000) / 1000,
        ),
      ]),
    },
  };
}
