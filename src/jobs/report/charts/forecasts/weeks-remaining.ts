import type { SeriesForecast } from '../../forecast/forecast-scope.ts';
import { outlooks, type ThreePointWeek } from '../../forecast/three-point/three-point.ts';
import type { IsoDay } from '../../model/days.ts';
import type { Unit } from '../../model/series.ts';
import { quantity, unitName } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';
import { drawLines, type Line } from '../lines/draw-lines.ts';

const styles = { pessimistic: 'line s-bad dash', nominal: 'line', optimistic: 'line s-good dots' } as const;
const labels = { pessimistic: 'Pessimistic', nominal: 'Nominal', optimistic: 'Optimistic' } as const;

/** The old reports cut this chart at 14 weeks; what is more is no plan. */
const mostWeeks = 14;

/** What the forecasts of each past week said: how many weeks were left. */
export function weeksRemaining(
  name: string,
  of: string,
  series: SeriesForecast,
  unit: Unit,
  asOf: IsoDay,
): Figure {
  const { weeks } = series;
  const lines = [...outlooks].reverse().map(
    (outlook): Line => ({
      label: labels[outlook],
      style: styles[outlook],
      points: weeks.map((week) => [week.week, week[outlook].weeksLeft]),
    }),
  );
  const chart = {
    from: weeks[0]?.week ?? asOf,
    to: asOf,
    asOf,
    lines,
    atLeast: 4,
    atMost: mostWeeks,
    height: { wide: 280, narrow: 260 },
  };
  return {
    name,
    title: `Weeks remaining, as forecast each week by ${unitName(unit)}${of}`,
    sentence: sentence(weeks),
    drawings: { wide: drawLines(chart, 'wide'), narrow: drawLines(chart, 'narrow') },
    table: {
      columns: [
        { key: 'week', title: 'Week to', kind: 'day' },
        ...outlooks.map((outlook) => ({
          key: `${outlook}_weeks_left`,
          title: labels[outlook],
          kind: 'number' as const,
        })),
      ],
      rows: weeks.map((week) => [week.week, ...outlooks.map((outlook) => week[outlook].weeksLeft)]),
    },
  };
}

function sentence(weeks: readonly ThreePointWeek[]): string {
  const [now, then] = [weeks.at(-1), weeks.at(-14)];
  const said = (week: ThreePointWeek) =>
    week.state === 'complete'
      ? 'all was done'
      : week.nominal.weeksLeft === null
        ? 'there was no date'
        : `${quantity(week.nominal.weeksLeft)} weeks were left`;
  if (now === undefined) return 'There is no forecast yet.';
  const past = then === undefined ? '' : ` A quarter of a year ago, ${said(then)}.`;
  const today =
    now.state === 'complete'
      ? 'All is done'
      : now.nominal.weeksLeft === null
        ? 'There is no nominal date today'
        : `${quantity(now.nominal.weeksLeft)} weeks are left at the nominal pace`;
  return `${today}.${past} More than ${mostWeeks} weeks are not drawn.`;
}
