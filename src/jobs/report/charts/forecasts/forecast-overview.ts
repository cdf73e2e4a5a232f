import type { UnitForecast } from '../../forecast/forecast-scope.ts';
import { dateOf } from '../../forecast/three-point/three-point.ts';
import type { IsoDay } from '../../model/days.ts';
import type { Unit } from '../../model/series.ts';
import { unitName } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';
import { doneSentence } from '../sentences.ts';
import { drawForecastRows } from './forecast-rows.ts';

/** When each category will be done: nominal, with optimistic and pessimistic, and what was thought in the weeks before. */
export function forecastOverview(forecast: UnitForecast, unit: Unit, asOf: IsoDay, hidden: boolean): Figure {
  const categories = forecast.categories.filter(
    (category) => (hidden || category.display === 'show') && category.weeks.length > 0,
  );
  return {
    name: `forecast-${unit}${hidden ? '-with-hidden' : ''}`,
    title: `When each category will be done, by ${unitName(unit)}${hidden ? ', with hidden categories' : ''}`,
    sentence: `All together: ${doneSentence(forecast.whole, unit)} A diamond is the nominal date, small ones are those of the twelve weeks before; the line reaches from optimistic to pessimistic.`,
    drawings: {
      wide: drawForecastRows(categories, unit, asOf, 'wide'),
      narrow: drawForecastRows(categories, unit, asOf, 'narrow'),
    },
    table: {
      columns: [
        { key: 'category', title: 'Category', kind: 'text' },
        { key: 'total', title: 'Total', kind: 'number' },
        { key: 'resolved', title: 'Done', kind: 'number' },
        { key: 'optimistic', title: 'Optimistic', kind: 'day' },
        { key: 'nominal', title: 'Nominal', kind: 'day' },
        { key: 'pessimistic', title: 'Pessimistic', kind: 'day' },
      ],
      rows: categories.map(({ name, weeks }) => {
        const now = weeks.at(-1);
        if (now === undefined) return [name, null, null, null, null, null];
        const dates = [now.optimistic, now.nominal, now.pessimistic].map((pace) => dateOf(now.week, pace));
        return [name, now.total, now.resolved, ...dates];
      }),
    },
  };
}
