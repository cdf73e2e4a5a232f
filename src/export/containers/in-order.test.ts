import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { inOrder } from './in-order.ts';
import { Limiter } from './limiter.ts';

const never = new AbortController().signal;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('work in order', () => {
  it('keeps the order and the limits, whichever work ends first', async () => {
    const scenario = fc.record({
      items: fc.array(fc.nat(1000), { maxLength: 30 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), scenario, async (scheduler, { items, concurrency }) => {
        let running = 0;
        let read = 0;
        let given = 0;
        function* source() {
          for (const item of items) {
            read += 1;
            assert.ok(read - given <= 2 * concurrency + 1, 'reads too far ahead');
            yield item;
          }
        }
        const work = async (item: number) => {
          running += 1;
          assert.ok(running <= concurrency, 'too many at once');
          await scheduler.schedule(Promise.resolve());
          running -= 1;
          return item * 2;
        };
        const results: number[] = [];
        const all = (async () => {
          for await (const result of inOrder(source(), work, { concurrency, signal: never })) {
            given += 1;
            results.push(result);
          }
        })();
        await scheduler.waitFor(all);
        assert.deepEqual(
          results,
          items.map((item) => item * 2),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('passes on the first failure, after what came before it, and leaves nothing running', async () => {
    const ended: number[] = [];
    const work = async (item: number, signal: AbortSignal) => {
      if (item === 2) throw new Error('no');
      if (item > 2) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      ended.push(item);
      return item;
    };
    const results: number[] = [];
    const run = async () => {
      for await (const item of inOrder([0, 1, 2, 3, 4], work, { concurrency: 3, signal: never }))
        results.push(item);
    };
    await assert.rejects(run, /^Error: no$/);
    assert.deepEqual(results, [0, 1]);
    assert.ok(ended.includes(3));
  });

  it('stops with the reason when it is aborted', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await assert.rejects(
      collect(inOrder([1], async (item) => item, { concurrency: 1, signal: stop.signal })),
      /enough/,
    );
  });
});

it('a limiter serves in order and never too many, also after failures', async () => {
  const limiter = new Limiter(2);
  let running = 0;
  const started: number[] = [];
  const jobs = [0, 1, 2, 3, 4, 5].map((item) =>
    limiter.run(async () => {
      started.push(item);
      running += 1;
      assert.ok(running <= 2);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (item % 2 === 0) throw new Error('even');
      return item;
    }),
  );
  const results = await Promise.allSettled(jobs);
  assert.deepEqual(started, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(
    results.map((result) => result.status === 'fulfilled'),
    [false, true, false, true, false, true],
  );
});
