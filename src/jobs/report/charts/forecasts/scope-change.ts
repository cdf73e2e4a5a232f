import type { SeriesForecast } from '../../forecast/forecast-scope.ts';
import { type IsoDay, type Period, weekEnds } from '../../model/days.ts';
import type { Flows, Unit } from '../../model/series.ts';
import { amount, quantity, unitName } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';
import { drawLines } from '../lines/draw-lines.ts';
import type { Cell } from '../table.ts';

/** The scope as a line of its own, beside what is done: so growth is not taken for slowness. */
export function scopeChange(series: SeriesForecast, flows: Flows, period: Period, unit: Unit): Figure {
  const weeks = series.weeks;
  const first = weeks[0];
  const begin = first?.total ?? 0;
  const ends = weekEnds(period);
  const rows: Cell[][] = ends.map((week, i) => [
    week,
    ...[flows.added, flows.removed, flows.reestimated, flows.reopened, flows.resolved].map(
      (flow) => flow[i] ?? 0,
    ),
  ]);
  const of = (field: 'total' | 'resolved') =>
    weeks.map((week): readonly [IsoDay, number] => [week.week, week[field]]);
  const chart = {
    from: first?.week ?? period.asOf,
    to: period.asOf,
    asOf: period.asOf,
    lines: [
      { label: 'Scope', style: 'line s-accent', points: of('total') },
      { label: 'Done', style: 'line', area: 'tint-other', points: of('resolved') },
      {
        label: 'Scope at the start',
        style: 'line thin dash s-soft',
        points: [first?.week ?? period.asOf, period.asOf].map((day): readonly [IsoDay, number] => [
          day,
          begin,
        ]),
      },
    ],
    height: { wide: 320, narrow: 290 },
  };
  const last13 = (flow: Float64Array) => flow.slice(-13).reduce((sum, value) => sum + value, 0);
  const reestimated = last13(flows.reestimated);
  const now = weeks.at(-1)?.total ?? 0;
  return {
    name: `scope-change-${unit}`,
    title: `The scope and what is done, in ${unitName(unit)}`,
    sentence: `The scope ${now === begin ? `is ${amount(now, unit)} as at the start` : `went from ${quantity(begin)} to ${amount(now, unit)}`}. In the last 13 weeks ${quantity(last13(flows.added))} came in, ${quantity(last13(flows.removed))} went out${unit === 'points' ? `, and re-estimates changed it by ${reestimated > 0 ? '+' : ''}${quantity(reestimated)}` : ''}.`,
    drawings: { wide: drawLines(chart, 'wide'), narrow: drawLines(chart, 'narrow') },
    table: {
      columns: [
        { key: 'week', title: 'Week to', kind: 'day' },
        { key: 'added', title: 'Added', kind: 'number' },
        { key: 'removed', title: 'Removed', kind: 'number' },
        { key: 'reestimated', title: 'Re-estimated', kind: 'number' },
        { key: 'reopened', title: 'Reopened', kind: 'number' },
        { key: 'resolved', title: 'Done', kind: 'number' },
      ],
      rows,
    },
  };
}
