import type { JobName, RunId } from '../../../core/ids.ts';
import type { ClaimNext } from '../run-store.ts';
import type { PauseScope } from '../run-view.ts';
import { byDue, type DateRecord, type TurnRecord } from '../stored-records.ts';
import type { Connection, Entry } from './connection.ts';
import { pauseScopes, pausesOf, type SlotHolder, slotHolders } from './find-wait-reasons.ts';
import { keys } from './keys.ts';
import { withoutLease } from './sweep-runs.ts';
import type { KnownLists } from './transaction.ts';
import { parseEntry } from './views.ts';

export interface Candidate {
  readonly id: RunId;
  /** Is an unfinished date that is too old to be taken up, beside a newer one. */
  readonly givesWay: boolean;
}

/** Most claims are answered by the first few subjects; when many cannot go, fewer requests read more. */
const firstPage = 6;
const secondPage = 64;
const nextPages = 512;

/** What a claim begins with, of one state of the store. */
export interface Look {
  /** Run, as it seems, though their lease has ended. */
  readonly expired: readonly RunId[];
  readonly pauses: readonly PauseScope[];
  readonly slots: ReadonlyMap<string, readonly SlotHolder[]>;
  /** `subject/<job>/<subject>`, for each that is being worked on. */
  readonly busy: ReadonlySet<string>;
  /** Of each job the first turns. */
  readonly turns: readonly (readonly Entry[])[];
  /** What claims of this look need not read once more. */
  readonly known: KnownLists;
}

/** One request, however many runs there are. */
export async function lookAround(db: Connection, p: ClaimNext): Promise<Look> {
  const { entries, revision } = await db.read([
    { prefix: keys.state('running'), keysOnly: true },
    { prefix: keys.runLeases, keysOnly: true },
    { prefix: keys.pauses },
    { prefix: keys.slots },
    { prefix: keys.subjectLeases, keysOnly: true },
    ...p.jobs.slice(0, 100).map((job) => ({ prefix: keys.turnsOf(job), limit: firstPage })),
  ]);
  const [running = [], runLeases = [], pauses = [], slots = [], subjectLeases = [], ...turns] = entries;
  return {
    expired: withoutLease(running, runLeases),
    pauses: pauseScopes(pauses),
    slots: slotHolders(slots),
    busy: new Set(subjectLeases.map((entry) => entry.key.slice(keys.leases.length))),
    turns,
    known: {
      revision,
      lists: new Map([
        [keys.runLeases, runLeases],
        [keys.pauses, pauses],
        [keys.slots, slots],
        [keys.subjectLeases, subjectLeases],
      ]),
    },
  };
}

/**
 * Open runs in the order of claims, without those that plainly cannot go: the claim's own transaction has the last
 * word, this only keeps a farm of 10,000 waiting subjects from being tried one by one.
 */
export async function* findCandidates(db: Connection, p: ClaimNext, look: Look): AsyncGenerator<Candidate> {
  const { pauses, busy } = look;
  const nowMs = db.nowMs;
  const isFull = (slot: string) =>
    (look.slots.get(slot)?.length ?? 0) >= (p.slotLimits[slot] ?? Number.POSITIVE_INFINITY);
  const queues = p.jobs.map((job, i) => new Queue(db, job, look.turns[i] ?? []));
  for (;;) {
    const heads = await Promise.all(queues.map((queue) => queue.head()));
    const next = heads.reduce<number>(
      (best, head, i) => (head !== undefined && isBefore(head, heads[best]) ? i : best),
      -1,
    );
    const entry = heads[next];
    const job = queues[next]?.job;
    if (entry === undefined || job === undefined) return;
    queues[next]?.shift();
    const turn = parseEntry<TurnRecord>(entry);
    if (turn === undefined || busy.has(`subject/${job}/${turn.subject}`)) continue;
    const oldest = p.resumeWithinMs[job] === undefined ? 0 : nowMs - p.resumeWithinMs[job];
    const open = [...turn.open].sort(byDue);
    for (const [i, date] of open.entries()) {
      if (!mayGo(date)) continue;
      const isOlderInTheWay = open.slice(0, i).some((older) => older.dueAt >= oldest);
      if (isOlderInTheWay || pausesOf(pauses, { id: date.id, job, subject: turn.subject }).length > 0)
        continue;
      yield { id: date.id, givesWay: date.dueAt < oldest && i < open.length - 1 };
    }
  }

  function mayGo(date: DateRecord): boolean {
    return date.state !== 'running' && (date.retryAt ?? 0) <= nowMs && !date.slots.some(isFull);
  }
}

/** The subjects of one job in their order, read a page at a time. */
class Queue {
  readonly job: JobName;
  readonly #db: Connection;
  #page: readonly Entry[];
  #at = 0;
  #isLast: boolean;
  #limit = secondPage;

  constructor(db: Connection, job: JobName, page: readonly Entry[]) {
    this.#db = db;
    this.job = job;
    this.#page = page;
    this.#isLast = page.length < firstPage;
  }

  async head(): Promise<Entry | undefined> {
    if (this.#at >= this.#page.length && !this.#isLast) {
      const after = this.#page.at(-1)?.key;
      const limit = this.#limit;
      const { entries } = await this.#db.read([
        { prefix: keys.turnsOf(this.job), limit, ...(after === undefined ? {} : { after }) },
      ]);
      this.#page = entries[0] ?? [];
      this.#at = 0;
      this.#isLast = this.#page.length < limit;
      this.#limit = nextPages;
    }
    return this.#page[this.#at];
  }

  shift(): void {
    this.#at++;
  }
}

/** Rank and time, then job, then subject. */
function isBefore(a: Entry, b: Entry | undefined): boolean {
  if (b === undefined) return true;
  return sortKey(a) < sortKey(b);
}

function sortKey(entry: Entry): string {
  const [, job = '', rank = '', at = '', subject = ''] = entry.key.split('/');
  return [rank, at, job, subject].join('/');
}
