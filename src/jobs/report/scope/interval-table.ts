import type { DayInterval } from './day-intervals.ts';

/**
 * Intervals of many tasks as columns of numbers: a twentieth of what an object for each would take. Rows are added in any
 * order; after `sort` those of a task are found at once, the earliest first.
 */
export class IntervalTable {
  readonly #values: number;
  #columns: Float64Array[];
  #rows = 0;
  #order = new Uint32Array(0);
  /** Where the rows of each task begin in the order. */
  #starts = new Uint32Array(0);

  /** @param values how many numbers each interval has beside its two days */
  constructor(values: number) {
    this.#values = values;
    this.#columns = Array.from({ length: 3 + values }, () => new Float64Array(1024));
  }

  /** @param task from 0, without gaps */
  add(task: number, from: number, to: number, ...values: readonly number[]): void {
    if (this.#rows === this.#columns[0]?.length) this.#grow();
    this.#set(0, task);
    this.#set(1, from);
    this.#set(2, to);
    for (let i = 0; i < this.#values; i += 1) this.#set(3 + i, values[i] ?? 0);
    this.#rows += 1;
  }

  sort(tasks: number): void {
    const [of, from] = [this.#column(0), this.#column(1)];
    const starts = new Uint32Array(tasks + 1);
    for (let row = 0; row < this.#rows; row += 1) bump(starts, (of[row] ?? 0) + 1, 1);
    for (let task = 0; task < tasks; task += 1) bump(starts, task + 1, starts[task] ?? 0);
    const next = starts.slice();
    const order = new Uint32Array(this.#rows);
    for (let row = 0; row < this.#rows; row += 1) {
      const task = of[row] ?? 0;
      order[next[task] ?? 0] = row;
      bump(next, task, 1);
    }
    for (let task = 0; task < tasks; task += 1) {
      const mine = order.subarray(starts[task], starts[task + 1]);
      if (mine.length > 1) mine.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0));
    }
    this.#order = order;
    this.#starts = starts;
  }

  /** `make` gets the two days and reads the other numbers by their place. */
  of<T>(task: number, make: (at: DayInterval, value: (i: number) => number) => T): T[] {
    const made: T[] = [];
    const [from, to] = [this.#column(1), this.#column(2)];
    const end = this.#starts[task + 1] ?? 0;
    for (let i = this.#starts[task] ?? 0; i < end; i += 1) {
      const row = this.#order[i] ?? 0;
      made.push(
        make({ from: from[row] ?? 0, to: to[row] ?? 0 }, (column) => this.#column(3 + column)[row] ?? 0),
      );
    }
    return made;
  }

  #column(i: number): Float64Array {
    return this.#columns[i] ?? new Float64Array(0);
  }

  #set(column: number, value: number): void {
    this.#column(column)[this.#rows] = value;
  }

  #grow(): void {
    this.#columns = this.#columns.map((column) => {
      const larger = new Float64Array(column.length * 2);
      larger.set(column);
      return larger;
    });
  }
}

function bump(numbers: Uint32Array, i: number, by: number): void {
  numbers[i] = (numbers[i] ?? 0) + by;
}
