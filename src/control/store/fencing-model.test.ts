/**
 * Every order of steps of two workers on one run, with leases that run out at any moment: claim, renew, publish (look,
 * then write), expiry, a stall anywhere. It is small enough to be tried whole. With the fence no publication of a
 * stale token is ever accepted; without it the same search finds one, which shows that the search looks hard enough.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** What the store knows. */
interface Store {
  /** Of the lease that is alive, if one is. */
  readonly holder: 0 | 1 | null;
  readonly counter: number;
  readonly token: number;
  readonly published: number | null;
  readonly publications: number;
  readonly isDone: boolean;
}

/** What a worker believes; it does not notice that its lease ran out until a write is refused. */
interface Worker {
  readonly at: 'idle' | 'working' | 'about-to-publish' | 'stopped';
  readonly token: number;
}

interface State {
  readonly store: Store;
  readonly workers: readonly [Worker, Worker];
}

interface Step {
  readonly name: string;
  readonly next: State;
  /** What went wrong in this step, if anything. */
  readonly fault?: string;
}

const most = 4;
const first: State = {
  store: { holder: null, counter: 0, token: 0, published: null, publications: 0, isDone: false },
  workers: [
    { at: 'idle', token: 0 },
    { at: 'idle', token: 0 },
  ],
};

/** The condition of every guarded write: the token is current and its lease alive. */
function mayWrite(store: Store, worker: Worker, fenced: boolean): boolean {
  return !fenced || (store.holder !== null && store.token === worker.token);
}

function steps(state: State, fenced: boolean): Step[] {
  const { store } = state;
  const found: Step[] = [];
  if (store.holder !== null) {
    found.push({ name: 'the lease runs out', next: { ...state, store: { ...store, holder: null } } });
  }
  for (const who of [0, 1] as const) {
    const worker = state.workers[who];
    const put = (name: string, change: Partial<Worker>, stored: Partial<Store> = {}, fault?: string) => {
      const changed = { ...worker, ...change };
      const workers: State['workers'] = who === 0 ? [changed, state.workers[1]] : [state.workers[0], changed];
      const next = { store: { ...store, ...stored }, workers };
      found.push({ name: `${who} ${name}`, next, ...(fault === undefined ? {} : { fault }) });
    };
    const refused = () => put('is refused and stops', { at: 'idle', token: 0 });
    if (worker.at === 'idle' && store.holder === null && !store.isDone && store.counter < most) {
      const token = store.counter + 1;
      put('claims', { at: 'working', token }, { holder: who, counter: token, token });
    }
    if (worker.at === 'working') {
      // A renewal cannot bring back what ran out, and is a guarded write as any other.
      if (!mayWrite(store, worker, true)) refused();
      put('has made its files', { at: 'about-to-publish' });
    }
    if (worker.at === 'about-to-publish') {
      if (!mayWrite(store, worker, fenced)) refused();
      else if (!store.isDone || !fenced) {
        const fault =
          worker.token < store.counter
            ? `token ${worker.token} was accepted after ${store.counter} was given out`
            : store.holder !== who
              ? `token ${worker.token} was accepted without a lease`
              : store.publications > 0
                ? 'it was published twice'
                : undefined;
        // Publishing and ending the run release the lease.
        put(
          'publishes',
          { at: 'stopped' },
          {
            published: worker.token,
            publications: store.publications + 1,
            isDone: true,
            holder: store.holder === who ? null : store.holder,
          },
          fault,
        );
      }
    }
  }
  return found;
}

interface Explored {
  readonly states: number;
  readonly fault: readonly string[] | undefined;
  /** States in which nothing can happen any more. */
  readonly ends: readonly State[];
}

function explore(fenced: boolean): Explored {
  const seen = new Map<string, { readonly from: string | undefined; readonly name: string }>();
  const queue: State[] = [first];
  const ends: State[] = [];
  seen.set(JSON.stringify(first), { from: undefined, name: 'begin' });
  const pathTo = (key: string | undefined): string[] => {
    const names: string[] = [];
    for (let at = key; at !== undefined; at = seen.get(at)?.from) names.unshift(seen.get(at)?.name ?? '');
    return names;
  };
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    const key = JSON.stringify(state);
    const next = steps(state, fenced);
    if (next.length === 0) ends.push(state);
    for (const step of next) {
      if (step.fault !== undefined) {
        return { states: seen.size, ends, fault: [...pathTo(key), step.name, step.fault] };
      }
      const nextKey = JSON.stringify(step.next);
      if (seen.has(nextKey)) continue;
      seen.set(nextKey, { from: key, name: step.name });
      queue.push(step.next);
    }
  }
  return { states: seen.size, ends, fault: undefined };
}

test('with the fence no order of steps lets a stale token publish, and a run is published at most once', (t) => {
  const { states, fault, ends } = explore(true);
  assert.equal(fault, undefined, fault?.join('\n'));
  assert.ok(states > 100, `only ${states} states were reached`);
  // Published by the holder, or given up after as many claims as the model allows.
  for (const { store } of ends) assert.ok(store.isDone || store.counter === most);
  assert.ok(ends.some(({ store }) => store.isDone));
  t.diagnostic(`${states} states`);
});

test('without the fence the same search finds a stale publication', () => {
  const { fault } = explore(false);
  assert.ok(fault !== undefined, 'the search does not look hard enough');
  assert.match(fault.at(-1) ?? '', /accepted/);
});
