/** Asks a source for its next value before the present one is done with: one value ahead, never more. */
export async function* readAhead<T>(source: AsyncGenerator<T, void>): AsyncGenerator<T, void, undefined> {
  let next = ask(source);
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = ask(source);
      yield value;
    }
  } finally {
    // The connection must be quiet when the iteration has ended, however it ended.
    await next.catch(() => {});
    await source.return();
  }
}

function ask<T>(source: AsyncGenerator<T, void>): Promise<IteratorResult<T, void>> {
  const next = source.next();
  // Whoever awaits it later gets the error; until then it is not an unhandled one.
  next.catch(() => {});
  return next;
}
