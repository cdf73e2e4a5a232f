import { Random } from '../../core/random.ts';
import type { TrackerOptions } from './tracker-options.ts';

/** When each task was made and which is its parent: known of every task without making it, as both ends tell of an edge. */
export class TrackerTimeline {
  readonly #options: TrackerOptions;
  readonly #from: number;
  readonly #to: number;
  /** The last second that the dump knows. */
  readonly until: number;

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#from = Date.parse(`${options.from}T00:00:00Z`) / 1000;
    this.#to = Date.parse(`${options.to}T00:00:00Z`) / 1000;
    this.until = Date.parse(`${options.asOf}T23:59:59Z`) / 1000;
  }

  random(task: number, what: string): Random {
    return new Random(this.#options.seed * 1_000_003 + task, what);
  }

  createdAt(task: number): number {
    // The first fifth was there at the start; the rest comes a little faster towards the end.
    const share = Math.max(0, task / this.#options.tasks - 0.2) / 0.8;
    const span = this.#to - this.#from;
    return Math.floor(this.#from + share ** 0.9 * span + ((task * 7919) % 43_200));
  }

  team(task: number): number {
    return this.random(task, 'team').zipf(this.#options.teams.length);
  }

  isOdd(task: number): boolean {
    return this.random(task, 'odd').chance(this.#options.oddities);
  }

  /** A few tasks stand for whole categories of work; others are their descendants. */
  isCategory(task: number): boolean {
    return task % 150 === 7;
  }

  /** A task of a few before; null for most. */
  parentOf(task: number): number | null {
    const random = this.random(task, 'parent');
    if (this.isCategory(task) || !random.chance(0.25)) return null;
    const parent = random.chance(0.4) ? task - (task % 150) + 7 : task - 1 - random.below(20);
    return parent >= 1 && parent < task && task - parent <= 150 ? parent : null;
  }

  childrenOf(task: number): readonly number[] {
    const children: number[] = [];
    const last = Math.min(this.#options.tasks, task + 150);
    for (let child = task + 1; child <= last; child += 1) {
      if (this.parentOf(child) === task) children.push(child);
    }
    return children;
  }
}
