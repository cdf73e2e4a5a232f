import { groupedNumber } from '../../../../publish/pages/sizes.ts';
import type { Unit } from '../../model/series.ts';

/** A coordinate: a tenth of a pixel is as fine as anyone sees, and the same on every machine. */
export function px(value: number): number {
  const rounded = Math.round(value * 10) / 10;
  return rounded === 0 ? 0 : rounded;
}

/** Points and tasks for people: at most one decimal, thousands apart. */
export function quantity(value: number): string {
  return groupedNumber(px(value));
}

/** `62 points`, `1 task`. */
export function amount(value: number, unit: Unit): string {
  const shown = quantity(value);
  return `${shown} ${unit === 'points' ? 'point' : 'task'}${shown === '1' ? '' : 's'}`;
}

export function unitName(unit: Unit): string {
  return unit === 'points' ? 'points' : 'tasks';
}

/** `44 %`; what is not quite all or nothing is not said to be. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<\u00A01\u00A0%';
  if (share < 1 && share > 0.99) return '>\u00A099\u00A0%';
  return `${Math.round(share * 100)}\u00A0%`;
}
