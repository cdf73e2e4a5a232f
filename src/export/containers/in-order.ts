export interface InOrderOptions {
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Runs `work` on up to `concurrency` items at once and yields the results in the items' order. Holds at most
 * `2 * concurrency` items and results: whoever is slow to take results holds the reading back. When one fails or the
 * reader leaves, those under way are aborted and waited for, so that nothing outlives the generator.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: InOrderOptions,
): AsyncGenerator<Result, void, void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const waiting: Promise<Result>[] = [];
  const running = new Set<Promise<unknown>>();
  const start = (item: Item): void => {
    const result = work(item, signal);
    const settled: Promise<boolean> = result.then(
      () => running.delete(settled),
      () => running.delete(settled),
    );
    running.add(settled);
    waiting.push(result);
  };
  try {
    for await (const item of items) {
      signal.throwIfAborted();
      while (waiting.length >= 2 * options.concurrency) yield await takeFirst(waiting);
      while (running.size >= options.concurrency) await Promise.race(running);
      start(item);
    }
    while (waiting.length > 0) yield await takeFirst(waiting);
  } finally {
    stop.abort();
    await Promise.all(running);
  }
}

async function takeFirst<Result>(waiting: Promise<Result>[]): Promise<Result> {
  const first = waiting.shift();
  if (first === undefined) throw new RangeError('nothing is under way');
  return first;
}
