import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The heap may always grow by this much before it is looked through again, however much of it is alive. */
const leastGrowthBytes = 8e6;

/**
 * Keeps the heap of this process small while much passes through it. V8 lets garbage pile up for as long as the machine has
 * memory: a loader that holds 30 MB would take 120.
 */
export class BoundedHeap {
  readonly #collect = exposedCollector();
  readonly #limitBytes: number;
  #nextBytes: number;

  /** What the heap shall not exceed, as long as what is alive in it allows. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#nextBytes = limitBytes;
  }

  /** To be called now and then, between two pieces of work: takes a microsecond, or some 20 ms when it collects. */
  check(): void {
    if (getHeapStatistics().used_heap_size > this.#nextBytes) this.collect();
  }

  collect(): void {
    this.#collect();
    const left = getHeapStatistics().used_heap_size;
    this.#nextBytes = Math.max(this.#limitBytes, left + leastGrowthBytes);
  }
}

/** V8 shows its collector to contexts that are made while the flag is set. */
function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  try {
    return runInNewContext('gc') as () => void;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
