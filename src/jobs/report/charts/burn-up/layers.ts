import type { CategorySeries, DailySeries, Unit } from '../../model/series.ts';
import { mostColours, type Swatch, swatch } from '../draw/palette.ts';

/** One band of a burn-up: a category, or the small ones together. */
export interface Layer {
  readonly name: string;
  readonly swatch: Swatch;
  /** Per day, as the model's. */
  readonly open: Float64Array;
  readonly resolved: Float64Array;
  /** What its label says of today; by default what is open and done. */
  readonly value?: string;
}

export interface BurnUpChoice {
  readonly unit: Unit;
  /** Also categories that are hidden from the main charts. */
  readonly hidden: boolean;
  /** Without what was resolved before the scope's cutoff. */
  readonly sinceCutoff: boolean;
}

/** The categories in their order; beyond seven the smallest become "Other", which comes last. */
export function burnUpLayers(categories: readonly CategorySeries[], choice: BurnUpChoice): readonly Layer[] {
  const colours = coloursOf(categories);
  const shown = categories
    .filter((category) => choice.hidden || category.display === 'show')
    .map((category) => {
      const daily = (choice.sinceCutoff ? category.sinceCutoff : null) ?? category.daily;
      return { name: category.name, ...ofUnit(daily, choice.unit) };
    })
    .filter(({ open, resolved }) => open.some((n) => n > 0) || resolved.some((n) => n > 0));
  const own = shown.filter(({ name }) => colours.get(name) !== undefined);
  const rest = shown.filter(({ name }) => colours.get(name) === undefined);
  const layers = own.map((layer) => ({ ...layer, swatch: swatch(colours.get(layer.name) ?? 'other') }));
  if (rest.length === 0) return layers;
  const only = rest.length === 1 ? rest[0]?.name : undefined;
  return [
    ...layers,
    {
      name: only ?? `Other (${rest.length} categories)`,
      swatch: swatch('other'),
      open: sumOf(rest.map((layer) => layer.open)),
      resolved: sumOf(rest.map((layer) => layer.resolved)),
    },
  ];
}

/**
 * Which categories have a colour: the seven with the most tasks as of the day, hidden ones too, so that a category
 * keeps its colour on all charts of a report.
 */
export function coloursOf(categories: readonly CategorySeries[]): ReadonlyMap<string, number> {
  const size = ({ daily }: CategorySeries) =>
    (daily.openCount.at(-1) ?? 0) + (daily.resolvedCount.at(-1) ?? 0);
  const rank = (category: CategorySeries) => size(category) + (category.display === 'show' ? 1e9 : 0);
  const largest = categories.toSorted((a, b) => rank(b) - rank(a)).slice(0, mostColours);
  const inOrder = categories.filter((category) => largest.includes(category));
  return new Map(inOrder.map((category, place) => [category.name, place]));
}

export function ofUnit(
  daily: DailySeries,
  unit: Unit,
): { readonly open: Float64Array; readonly resolved: Float64Array } {
  return unit === 'points'
    ? { open: daily.openPoints, resolved: daily.resolvedPoints }
    : { open: daily.openCount, resolved: daily.resolvedCount };
}

function sumOf(series: readonly Float64Array[]): Float64Array {
  return series.reduce((total, values) => total.map((value, day) => value + (values[day] ?? 0)));
}
