import { dayNumber, type IsoDay, isoDay } from '../../model/days.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import { drawBurnUp } from '../burn-up/draw-burn-up.ts';
import type { Layer } from '../burn-up/layers.ts';
import { amount, quantity } from '../draw/numbers.ts';
import { mostColours, swatch } from '../draw/palette.ts';
import type { Figure } from '../figure.ts';
import type { Cell } from '../table.ts';

/** Tasks by the column they stand in, above the line, and what is done below: where work waits, a band grows. */
export function cumulativeFlow(model: ScopeModel): Figure {
  const last = (series: Float64Array) => series.at(-1) ?? 0;
  const most = (series: Float64Array) => series.reduce((a, b) => Math.max(a, b), 0);
  const columns = model.columns.filter((column) => most(column.open) > 0);
  // The one without a column is where all begin: it is drawn outermost.
  const ranked = columns.toSorted(
    (a, b) => Number(a.name === '') - Number(b.name === '') || most(b.open) - most(a.open),
  );
  const own = ranked.slice(0, mostColours);
  const rest = ranked.slice(mostColours);
  const none = new Float64Array(model.columns[0]?.open.length ?? 0);
  const layers: Layer[] = columns
    .filter((column) => own.includes(column))
    .toSorted((a, b) => Number(a.name === '') - Number(b.name === ''))
    .map((column, place) => ({
      name: columnName(column.name),
      swatch: swatch(place),
      open: column.open,
      value: amount(last(column.open), 'count'),
      resolved: none,
    }));
  if (rest.length > 0) {
    const open = none.map((_, day) => rest.reduce((sum, column) => sum + (column.open[day] ?? 0), 0));
    layers.push({
      name: `Other (${rest.length} columns)`,
      swatch: swatch('other'),
      open,
      resolved: none,
      value: amount(last(open), 'count'),
    });
  }
  const done = none.map((_, day) =>
    model.categories.reduce((sum, c) => sum + (c.daily.resolvedCount[day] ?? 0), 0),
  );
  const withDone: Layer[] = [
    ...layers,
    {
      name: 'Resolved',
      swatch: swatch('other'),
      open: none,
      resolved: done,
      value: amount(last(done), 'count'),
    },
  ];
  const inWork = columns
    .filter((column) => column.name !== '')
    .reduce((sum, column) => sum + last(column.open), 0);
  const waiting = columns
    .filter((column) => column.name === '')
    .reduce((sum, column) => sum + last(column.open), 0);
  const rows: Cell[][] = [];
  for (let day = done.length - 1; day >= 0; day -= 7) {
    rows.unshift([dayOf(model, day), ...layers.map((layer) => layer.open[day] ?? 0), done[day] ?? 0]);
  }
  return {
    name: 'cumulative-flow',
    title: 'Cumulative flow: tasks by column',
    sentence: `${quantity(inWork)} tasks stand in a column, ${quantity(waiting)} in none or in the default one.`,
    drawings: {
      wide: drawBurnUp(model, model.start, withDone, 'wide'),
      narrow: drawBurnUp(model, model.start, withDone, 'narrow'),
    },
    table: {
      columns: [
        { key: 'week', title: 'Week to', kind: 'day' },
        ...layers.map((layer) => ({ key: layer.name, title: layer.name, kind: 'number' as const })),
        { key: 'resolved', title: 'Resolved', kind: 'number' },
      ],
      rows,
    },
  };
}

function columnName(name: string): string {
  return name === '' ? 'No column' : name;
}

function dayOf(model: ScopeModel, day: number): IsoDay {
  return isoDay(dayNumber(model.start) + day);
}
