import type { MonteCarlo, Outcomes } from '../../forecast/monte-carlo/monte-carlo.ts';
import { shares } from '../../forecast/monte-carlo/monte-carlo.ts';
import { addDays, type IsoDay } from '../../model/days.ts';
import type { Unit } from '../../model/series.ts';
import { longDate, mediumDate } from '../draw/dates.ts';
import { percent, quantity, unitName } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';
import { drawLines } from '../lines/draw-lines.ts';

/** How likely it is that all is done by a date, as the scope goes on changing and if it stood still. */
export function finishDates(
  name: string,
  forecast: MonteCarlo & { kind: 'forecast' },
  unit: Unit,
  asOf: IsoDay,
): Figure {
  const { changing, fixed } = forecast;
  // As far as is of interest: to the 95 % of the slower one, at most two years.
  const weeks = Math.min(104, Math.max(12, reach(changing), reach(fixed)) + 2);
  const curve = (outcomes: Outcomes): readonly (readonly [IsoDay, number])[] => {
    let done = 0;
    return [
      [asOf, 0],
      ...Array.from({ length: weeks }, (_, week): readonly [IsoDay, number] => {
        done += outcomes.inWeek[week] ?? 0;
        return [addDays(asOf, 7 * (week + 1)), (100 * done) / forecast.paths];
      }),
    ];
  };
  const shown = curve(changing);
  const chart = {
    from: asOf,
    to: addDays(asOf, 7 * weeks),
    asOf,
    atLeast: 100,
    lines: [
      { label: 'If the scope stood still', style: 'line thin dash s-soft', points: curve(fixed) },
      { label: 'As the scope changes', style: 'line s-accent', points: shown },
    ],
    marks: shares.flatMap((share, i) => {
      const day = changing.dates[i] ?? null;
      const point = shown.find(([at]) => at === day);
      if (day === null || point === undefined) return [];
      return [
        { day, value: point[1], label: `${percent(share)}: ${mediumDate(day)}`, brief: percent(share) },
      ];
    }),
    height: { wide: 300, narrow: 280 },
  };
  return {
    name,
    title: `How likely all is done by a date, by ${unitName(unit)}, in per cent`,
    sentence: monteCarloSentence(forecast),
    drawings: { wide: drawLines(chart, 'wide'), narrow: drawLines(chart, 'narrow') },
    table: {
      columns: [
        { key: 'share', title: 'Likely', kind: 'text' },
        { key: 'changing_scope', title: 'As the scope changes', kind: 'day' },
        { key: 'fixed_scope', title: 'If the scope stood still', kind: 'day' },
      ],
      rows: [
        ...shares.map((share, i) => [
          percent(share),
          changing.dates[i] ?? 'no date',
          fixed.dates[i] ?? 'no date',
        ]),
        ['no date within 3 years', percent(changing.noDate), percent(fixed.noDate)],
      ],
    },
  };
}

/** What playing the future says, in one sentence, whatever it says. */
export function monteCarloSentence(forecast: MonteCarlo): string {
  if (forecast.kind === 'complete') return 'All is done.';
  if (forecast.kind === 'not-enough-data')
    return `Not enough data: there ${forecast.weeks === 1 ? 'is 1 week' : `are ${forecast.weeks} weeks`} to draw from, and 8 are needed.`;
  if (forecast.kind === 'no-progress')
    return `No progress in ${forecast.weeks} weeks: no more was finished than reopened, so there is no date.`;
  const { dates, noDate } = forecast.changing;
  const [half, , most] = dates;
  const never =
    noDate === 0
      ? ''
      : ` ${percent(noDate)} of the ${quantity(forecast.paths)} paths have no date within three years.`;
  if (half === null || half === undefined)
    return `No date: the scope grows about as fast as work is done.${never}`;
  const later =
    most === null || most === undefined
      ? 'there is no date that is 85 % sure'
      : `85 % sure is ${longDate(most)}`;
  return `Half of the ways that things can go end by ${longDate(half)}; ${later}.${never}`;
}

function reach(outcomes: Outcomes): number {
  const total = outcomes.inWeek.reduce((sum, n) => sum + n, 0) / (1 - outcomes.noDate || 1);
  let done = 0;
  const week = outcomes.inWeek.findIndex((n) => {
    done += n;
    return done >= 0.95 * total;
  });
  return week < 0 ? 104 : week + 1;
}
