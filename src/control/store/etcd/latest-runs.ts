import type { RunId } from '../../../core/ids.ts';
import type { RunView } from '../run-view.ts';
import type { RunRecord, SubjectRecord } from '../stored-records.ts';
import type { Connection, Entry } from './connection.ts';
import { keys } from './keys.ts';
import { newestView } from './newest-run.ts';
import { maxOps, type Transaction, transact } from './transaction.ts';
import { parseEntry, readLeases, toRunView } from './views.ts';

/** When more have changed, all are read again. */
const mostChanges = 2_000;
/** Subjects of one request: a member walks through all that are left of a range for each page of it. */
const pageLength = 5_000;
const keysAtOnce = 100;

/** The newest runs of a job at one revision of the store. */
interface Known {
  readonly revision: string;
  readonly cluster: string;
  /** Raised when a store was restored, whose revisions may have begun anew. */
  readonly generation: string;
  /** In the order of the subjects. */
  readonly subjects: ReadonlyMap<string, Newest>;
}

/** What a subject's newest date is; without a view when it has gone. */
interface Newest {
  readonly id: RunId | undefined;
  readonly view?: RunView;
}

/**
 * The newest run of every subject of a job, kept from one question to the next, which then asks for what was written
 * since. Nothing is watched and no old revision read, so compaction can take nothing away: a member walks through the
 * subjects as they are now and answers with those that were written later, and the number of all. Each that is there
 * was known or was written later; so if those two sets together are as many as are there, none has gone either.
 */
export class LatestRuns {
  readonly #db: Connection;
  readonly #known = new Map<string, Known>();

  constructor(db: Connection) {
    this.#db = db;
  }

  async list(job: string): Promise<readonly RunView[]> {
    const before = this.#known.get(job);
    const now = await transact(
      this.#db,
      async (tx) => (before && (await readChanges(tx, job, before))) ?? readAll(tx, job),
    );
    this.#known.set(job, now);
    return withLeases(this.#db, [...now.subjects.values()]);
  }
}

/** Undefined when what was known is of no use. */
async function readChanges(tx: Transaction, job: string, known: Known): Promise<Known | undefined> {
  const unsteady = [...known.subjects.values()].flatMap(({ id, view }) =>
    id !== undefined && isUnsteady(view) ? [id] : [],
  );
  // Those that are worked on are few: mostly they come with the same answer.
  const first = unsteady.slice(0, maxOps - 2);
  const answer = await tx.snapshot([
    { prefix: keys.subjectsOf(job), since: known.revision, limit: mostChanges + 1 },
    { key: keys.generation },
    ...first.map((id) => ({ key: keys.run(id) })),
  ]);
  const [changes, generation, ...firstRuns] = answer.ranges;
  const changed = changes?.values<SubjectRecord>() ?? [];
  const subjects = new Map(known.subjects);
  const ids = takeIn(subjects, changed);
  const isComplete =
    changed.length <= mostChanges &&
    subjects.size === changes?.count &&
    answer.cluster === known.cluster &&
    BigInt(answer.revision) >= BigInt(known.revision) &&
    textOf(generation?.entries) === known.generation;
  if (!isComplete) return undefined;
  const asked = new Set(first);
  const others = new Set([...unsteady.slice(first.length), ...ids.filter((id) => !asked.has(id))]);
  showRuns(subjects, [...firstRuns.flatMap(({ entries }) => entries), ...(await readKeys(tx, [...others]))]);
  return {
    ...known,
    revision: answer.revision,
    subjects: subjects.size === known.subjects.size ? subjects : inOrder(subjects),
  };
}

/**
 * Whether the run's record may change without its subject's: while a worker holds it, while its sets are decided one by
 * one, and when a committed piece takes its deaths back. All else goes through `changeRun`, which writes the subject.
 */
function isUnsteady(run: RunView | undefined): boolean {
  return run === undefined || run.state === 'running' || run.state === 'held' || run.stops > 0;
}

/** Page by page; those runs of a page that are to be read by themselves beside the next page. */
async function readAll(tx: Transaction, job: string): Promise<Known> {
  const subjects = new Map<string, Newest>();
  const prefix = keys.subjectsOf(job);
  const { revision, cluster, ranges } = await tx.snapshot([
    { key: keys.generation },
    { prefix, limit: pageLength },
  ]);
  let page = ranges[1];
  let runs: Promise<readonly Entry[]> = Promise.resolve([]);
  let after = page?.lastKey;
  for (let left = page?.count ?? 0; after !== undefined; ) {
    const isLast = left <= pageLength;
    const next = isLast ? undefined : tx.snapshot([{ prefix, limit: pageLength, after }]);
    const records = page?.values<SubjectRecord>() ?? [];
    left -= records.length;
    const missing = takeIn(subjects, records);
    const reading = readNewest(tx, records, missing);
    const [following, found] = await Promise.all([next, runs]);
    showRuns(subjects, found);
    runs = reading;
    page = following?.ranges[0];
    after = page?.lastKey;
  }
  showRuns(subjects, await runs);
  return { revision, cluster, generation: textOf(ranges[0]?.entries), subjects };
}

/** The subjects as they are written; the runs that are to be read by themselves. */
function takeIn(subjects: Map<string, Newest>, records: readonly SubjectRecord[]): readonly RunId[] {
  return records.flatMap((subject) => {
    const view = newestView(subject);
    const id = subject.dates.at(-1)?.id;
    subjects.set(subject.subject, view === undefined ? { id } : { id, view });
    return id !== undefined && isUnsteady(view) ? id : [];
  });
}

function showRuns(subjects: Map<string, Newest>, runs: readonly Entry[]): void {
  for (const entry of runs) {
    const record = parseEntry<RunRecord>(entry);
    if (record === undefined || subjects.get(record.subject)?.id !== record.id) continue;
    subjects.set(record.subject, { id: record.id, view: toRunView(record) });
  }
}

/**
 * A member takes as long for one key as for five of a range, but a range has all dates of its subjects: it is asked for
 * where most runs are to be read, and not many more dates than those.
 */
async function readNewest(
  tx: Transaction,
  subjects: readonly SubjectRecord[],
  wanted: readonly RunId[],
): Promise<readonly Entry[]> {
  const dates = subjects.reduce((sum, subject) => sum + subject.dates.length, 0);
  if (dates > 3 * wanted.length) return readKeys(tx, wanted);
  const prefixes = subjects.map(({ job, subject }) => keys.runsOf(job, subject)).sort();
  const [first, last] = [prefixes[0], prefixes.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [entries = []] = await tx.read([{ prefix: '', after: first, before: `${last}\u{10ffff}` }]);
  const keysWanted = new Set(wanted.map((id) => keys.run(id)));
  return entries.filter((entry) => keysWanted.has(entry.key));
}

/** Two requests at a time. */
async function readKeys(tx: Transaction, ids: readonly RunId[]): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (let from = 0; from < ids.length; from += 2 * keysAtOnce) {
    const parts = [from, from + keysAtOnce].map((start) => ids.slice(start, start + keysAtOnce));
    const answers = await Promise.all(
      parts.map((part) => tx.read(part.map((id) => ({ key: keys.run(id) })))),
    );
    found.push(...answers.flat(2));
  }
  return found;
}

/** How long a lease has left is asked each time. */
async function withLeases(db: Connection, newest: readonly Newest[]): Promise<readonly RunView[]> {
  const views = newest.flatMap(({ view }) => view ?? []);
  const leaseKey = (view: RunView) => `run/${view.id}`;
  const leases = await readLeases(db, views.filter(({ state }) => state === 'running').map(leaseKey));
  if (leases.size === 0) return views;
  return views.map((view) => {
    const lease = leases.get(leaseKey(view));
    return lease === undefined ? view : { ...view, lease };
  });
}

function inOrder(subjects: ReadonlyMap<string, Newest>): ReadonlyMap<string, Newest> {
  return new Map([...subjects].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function textOf(entries: readonly Entry[] | undefined): string {
  return entries?.[0]?.value ?? '';
}
