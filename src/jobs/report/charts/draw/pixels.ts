import { line } from 'd3-shape';
import { dayNumber, type IsoDay, isoDay, type Period } from '../../model/days.ts';
import { px } from './numbers.ts';

/**
 * The days of a series that are drawn: at most one for every three pixels, counted back from the last, so that today's
 * value is always exact. More could not be seen and would only make the page heavy.
 */
export function drawnDays(period: Period, from: IsoDay, width: number): readonly number[] {
  const first = Math.max(0, dayNumber(from) - dayNumber(period.start));
  const last = dayNumber(period.asOf) - dayNumber(period.start);
  const step = Math.max(1, Math.ceil((last - first) / (width / 3)));
  const days: number[] = [];
  for (let day = last; day >= first; day -= step) days.push(day);
  if (days.at(-1) !== first) days.push(first);
  return days.reverse();
}

export function dayAt(period: Period, index: number): IsoDay {
  return isoDay(dayNumber(period.start) + index);
}

/** Leaves out points between two of the same height: they draw nothing. */
export function withoutFlat<T extends readonly [number, number]>(points: readonly T[]): readonly T[] {
  return points.filter(([, y], i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    return before === undefined || after === undefined || before[1] !== y || after[1] !== y;
  });
}

/** A closed shape between a straight base and an edge of points from left to right. */
export function shapeOn(base: number, points: readonly (readonly [number, number])[]): string {
  const first = points[0];
  return first === undefined ? '' : `${pathOf(points)}V${px(base)}H${px(first[0])}Z`;
}

export function pathOf(points: readonly (readonly [number, number])[]): string {
  return line<readonly [number, number]>().digits(1)([...withoutFlat(points)]) ?? '';
}
