import type { UnitForecast } from '../../forecast/forecast-scope.ts';
import { dayNumber, type IsoDay, isoDay, quarterStart } from '../../model/days.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import type { Unit } from '../../model/series.ts';
import { longDate } from '../draw/dates.ts';
import { unitName } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';
import { doneSentence } from '../sentences.ts';
import type { Cell } from '../table.ts';
import { drawBurnUp } from './draw-burn-up.ts';
import { burnUpLayers } from './layers.ts';

export interface BurnUpOptions {
  readonly unit: Unit;
  readonly range: 'all' | 'last-quarter';
  readonly hidden: boolean;
}

/** The burn-up of a whole scope: what is open above the line, what is done below. */
export function burnUp(model: ScopeModel, forecast: UnitForecast, options: BurnUpOptions): Figure {
  const { unit, range, hidden } = options;
  const from = rangeStart(model, range);
  // The last quarter begins after most cutoffs, and the old reports left nothing out of it.
  const layers = burnUpLayers(model.categories, { unit, hidden, sinceCutoff: range === 'all' });
  const since = range === 'all' ? model.settings.resolvedCutoff : null;
  const first = dayNumber(model.start);
  const rows: Cell[][] = [];
  for (let day = dayNumber(model.asOf); day >= dayNumber(from); day -= 7) {
    const values = layers.flatMap(({ open, resolved }) => [
      open[day - first] ?? 0,
      resolved[day - first] ?? 0,
    ]);
    rows.unshift([isoDay(day), ...values]);
  }
  const what = unitName(unit);
  return {
    name: `backlog-burn-up-${unit}${range === 'all' ? '' : '-last-quarter'}${hidden ? '-with-hidden' : ''}`,
    title: `${unit === 'points' ? 'Points' : 'Tasks'} open and done${range === 'all' ? '' : ', this quarter and last'}${hidden ? ', with hidden categories' : ''}`,
    sentence: `${hidden ? hiddenSentence(model) : doneSentence(forecast.whole, unit)}${since === null ? '' : ` What was done before ${longDate(since)} is not drawn.`}`,
    drawings: {
      wide: drawBurnUp(model, from, layers, 'wide', since),
      narrow: drawBurnUp(model, from, layers, 'narrow', since),
    },
    table: {
      columns: [
        { key: 'week', title: 'Week to', kind: 'day' },
        ...layers.flatMap((layer) => [
          { key: `${layer.name} open`, title: `${layer.name}: ${what} open`, kind: 'number' as const },
          { key: `${layer.name} resolved`, title: `${layer.name}: done`, kind: 'number' as const },
        ]),
      ],
      rows,
    },
  };
}

/** The last quarter is the one before today's, and what there is of today's. */
export function rangeStart(model: ScopeModel, range: 'all' | 'last-quarter'): IsoDay {
  if (range === 'all') return model.start;
  const before = quarterStart(isoDay(dayNumber(quarterStart(model.asOf)) - 1));
  return before < model.start ? model.start : before;
}

function hiddenSentence(model: ScopeModel): string {
  const names = model.categories
    .filter((category) => category.display === 'hide')
    .map((category) => category.name);
  return `Also shows what the main charts leave out: ${names.join(', ')}.`;
}
