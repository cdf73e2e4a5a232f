import type { ScopeModel } from '../../model/scope-model.ts';
import type { Unit } from '../../model/series.ts';
import { drawBars } from '../bars/draw-bars.ts';
import { shortDate } from '../draw/dates.ts';
import { percent, unitName } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';
import { periodOf, periodsOf } from './done-bars.ts';

const kinds = [
  { work: 'maintenance', name: 'Maintenance', fill: 'fill-0' },
  { work: 'new', name: 'New functionality', fill: 'fill-1' },
  { work: null, name: 'Neither', fill: 'tint-other' },
] as const;

/** How the work of the last 13 weeks divides into maintenance, new functionality and what is tagged as neither. */
export function maintenanceFraction(model: ScopeModel, unit: Unit): Figure {
  const weeks = periodsOf(model, 'week').slice(-13);
  const sums = new Map(weeks.map((week) => [week, kinds.map(() => 0)]));
  for (const row of model.resolutions) {
    const values = sums.get(periodOf(row.day, 'week', model.asOf));
    const place = kinds.findIndex(({ work }) => work === row.work);
    if (values !== undefined) values[place] = (values[place] ?? 0) + row[unit];
  }
  const rows = weeks.map((week) => ({ week, values: sums.get(week) ?? [] }));
  const all = rows.reduce((sum, { values }) => sum + values.reduce((a, b) => a + b, 0), 0);
  const maintenance = rows.reduce((sum, { values }) => sum + (values[0] ?? 0), 0);
  const chart = {
    bars: rows.map(({ week, values }) => {
      const total = values.reduce((a, b) => a + b, 0);
      return {
        label: shortDate(week),
        values: values.map((value) => (total === 0 ? 0 : (100 * value) / total)),
      };
    }),
    parts: kinds.map(({ name, fill }) => ({ name, fill })),
    atMost: 100,
    height: { wide: 280, narrow: 300 },
  };
  return {
    name: `maintenance-fraction-${unit}`,
    title: `Maintenance and new functionality, per cent of the ${unitName(unit)} done each week`,
    sentence:
      all === 0
        ? 'Nothing was done in the last 13 weeks.'
        : `${percent(maintenance / all)} of what was done in the last 13 weeks was maintenance.`,
    drawings: { wide: drawBars(chart, 'wide'), narrow: drawBars(chart, 'narrow') },
    table: {
      columns: [
        { key: 'week', title: 'Week to', kind: 'day' },
        ...kinds.map(({ work, name }) => ({ key: work ?? 'neither', title: name, kind: 'number' as const })),
      ],
      rows: rows.map(({ week, values }) => [week, ...values]),
    },
  };
}
