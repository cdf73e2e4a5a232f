import type { RunId } from '../../../core/ids.ts';
import { type RunState, runStates } from '../../../core/run-state.ts';
import type { RunFilter } from '../run-store.ts';
import type { RunView, Transition } from '../run-view.ts';
import type { RunRecord, TransitionRecord } from '../stored-records.ts';
import type { Connection, Entry, Read } from './connection.ts';
import { keys, runOfKey } from './keys.ts';
import { defined, parseEntry, toRunViews } from './views.ts';

const pageLength = 512;
/** Runs asked for in one request. */
const runsAtOnce = 100;

export async function listRuns(db: Connection, p: RunFilter): Promise<readonly RunView[]> {
  const limit = p.limit ?? 100;
  const start = p.after === undefined ? undefined : (await readRecords(db, [p.after]))[0];
  if (p.after !== undefined && start === undefined) return [];
  const found: RunRecord[] = [];
  for await (const ids of idsNewestFirst(db, p, start)) {
    for (const run of await readRecords(db, ids)) {
      // Its state may have changed since the index was read.
      if (p.states !== undefined && !p.states.includes(run.state)) continue;
      if (p.updatedSince !== undefined && run.updatedAt < p.updatedSince.getTime()) continue;
      found.push(run);
      if (found.length >= limit) return toRunViews(db, found);
    }
  }
  return toRunViews(db, found);
}

export async function listTransitions(db: Connection, id: RunId): Promise<readonly Transition[]> {
  const { entries } = await db.read([{ prefix: keys.transitionsOf(id) }]);
  return (entries[0] ?? [])
    .flatMap((entry) => parseEntry<TransitionRecord>(entry) ?? [])
    .map((record) => defined({ ...record, at: new Date(record.at) }) as Transition);
}

/** In the given order, without those that have gone. */
async function readRecords(db: Connection, ids: readonly RunId[]): Promise<readonly RunRecord[]> {
  const pages: Promise<readonly RunRecord[]>[] = [];
  for (let from = 0; from < ids.length; from += runsAtOnce) {
    const part = ids.slice(from, from + runsAtOnce);
    pages.push(
      db
        .read(part.map((id) => ({ key: keys.run(id) })))
        .then(({ entries }) => entries.flatMap((found) => parseEntry<RunRecord>(found[0]) ?? [])),
    );
  }
  return (await Promise.all(pages)).flat();
}

/** Ids from the indexes of the wanted states, merged, a page at a time. */
async function* idsNewestFirst(
  db: Connection,
  p: RunFilter,
  start: RunRecord | undefined,
): AsyncGenerator<readonly RunId[]> {
  const matches = (id: RunId) => {
    const [job, subject] = id.split('/');
    return (p.job === undefined || p.job === job) && (p.subject === undefined || p.subject === subject);
  };
  let batch: RunId[] = [];
  // Small pages first: most lists are short.
  let batchLength = Math.min(runsAtOnce, p.limit ?? runsAtOnce);
  const isPlain = p.job === undefined && p.subject === undefined && p.updatedSince === undefined;
  const queues = await openQueues(db, p.states ?? runStates, start, isPlain ? batchLength : pageLength);
  for (;;) {
    const heads = await Promise.all(queues.map((queue) => queue.head()));
    const next = heads.reduce<number>(
      (best, head, i) =>
        head !== undefined && (heads[best] === undefined || age(head) > age(heads[best])) ? i : best,
      -1,
    );
    const head = heads[next];
    if (head === undefined) break;
    queues[next]?.shift();
    const id = runOfKey(head.key);
    if (!matches(id)) continue;
    batch.push(id);
    if (batch.length < batchLength) continue;
    yield batch;
    batch = [];
    batchLength = runsAtOnce;
  }
  if (batch.length > 0) yield batch;
}

/** The first page of every state in one request. */
async function openQueues(
  db: Connection,
  states: readonly RunState[],
  start: RunRecord | undefined,
  limit: number,
): Promise<readonly Queue[]> {
  const queues = states.map(
    (state) =>
      new Queue(db, state, start === undefined ? undefined : keys.inState(state, start.createdAt, start.id)),
  );
  const { entries } = await db.read(queues.map((queue) => queue.nextPage(limit)));
  for (const [i, queue] of queues.entries()) queue.take(entries[i] ?? [], limit);
  return queues;
}

/** The runs of a state, newest first. */
class Queue {
  readonly #db: Connection;
  readonly #state: RunState;
  #page: readonly Entry[] = [];
  #at = 0;
  #before: string | undefined;
  #isLast = false;

  constructor(db: Connection, state: RunState, before: string | undefined) {
    this.#db = db;
    this.#state = state;
    this.#before = before;
  }

  nextPage(limit: number): Read {
    const before = this.#before === undefined ? {} : { before: this.#before };
    return { prefix: keys.state(this.#state), descending: true, keysOnly: true, limit, ...before };
  }

  take(page: readonly Entry[], limit: number): void {
    this.#page = page;
    this.#at = 0;
    this.#before = page.at(-1)?.key ?? this.#before;
    this.#isLast = page.length < limit;
  }

  async head(): Promise<Entry | undefined> {
    if (this.#at >= this.#page.length && !this.#isLast) {
      const { entries } = await this.#db.read([this.nextPage(pageLength)]);
      this.take(entries[0] ?? [], pageLength);
    }
    return this.#page[this.#at];
  }

  shift(): void {
    this.#at++;
  }
}

/** What comes after the state: when it was created, and its id. */
function age(entry: Entry | undefined): string {
  return entry === undefined ? '' : entry.key.split('/').slice(2).join('/');
}
