import type { DailySeries } from '../model/series.ts';
import { add } from './flows.ts';
import type { Segment } from './scope-task.ts';

/** Sums states over days from the days on which they change: one addition where a state begins, one where it ends. */
export class DailyCounter {
  readonly #first: number;
  readonly #days: number;
  readonly #series: DailySeries;

  constructor(first: number, days: number) {
    this.#first = first;
    this.#days = days;
    const make = () => new Float64Array(days);
    this.#series = {
      openCount: make(),
      openPoints: make(),
      resolvedCount: make(),
      resolvedPoints: make(),
    };
  }

  add(segment: Segment): void {
    const from = Math.max(segment.from - this.#first, 0);
    const to = segment.to - this.#first;
    if (to <= from) return;
    const { openCount, openPoints, resolvedCount, resolvedPoints } = this.#series;
    const isOpen = segment.state === 'open';
    this.#span(isOpen ? openCount : resolvedCount, from, to, 1);
    this.#span(isOpen ? openPoints : resolvedPoints, from, to, segment.points ?? 0);
  }

  #span(series: Float64Array, from: number, to: number, value: number): void {
    add(series, from, value);
    if (to < this.#days) add(series, to, -value);
  }

  finish(): DailySeries {
    for (const series of Object.values(this.#series) as Float64Array[]) {
      accumulate(series);
    }
    return this.#series;
  }
}

/** Running sums. Sums of points may carry a trace of binary fractions: a hundred-thousandth is nothing. */
export function accumulate(series: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < series.length; i += 1) {
    sum += series[i] ?? 0;
    series[i] = Math.round(sum * 100_000) / 100_000 || 0;
  }
}
