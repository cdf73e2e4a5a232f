import type { JobName, RunId } from '../../../core/ids.ts';
import type { ClaimNext } from '../run-store.ts';
import { byDue, type DateRecord, type TurnRecord } from '../stored-records.ts';
import type { Connection, Entry } from './connection.ts';
import { pauseScopes, pausesOf, slotHolders } from './find-wait-reasons.ts';
import { keys } from './keys.ts';
import { parseEntry } from './views.ts';

export interface Candidate {
  readonly id: RunId;
  /** Is an unfinished date that is too old to be taken up, beside a newer one. */
  readonly givesWay: boolean;
}

/** Most claims are answered by the first few subjects; when many wait, fewer requests read more. */
const firstPage = 16;
const nextPages = 512;

/**
 * Open runs in the order of claims, without those that plainly cannot go: the claim's own transaction has the last
 * word, this only keeps a farm of 10,000 waiting subjects from being tried one by one.
 */
export async function* findCandidates(db: Connection, p: ClaimNext): AsyncGenerator<Candidate> {
  const { entries } = await db.read([
    { prefix: keys.pauses },
    { prefix: keys.slots },
    { prefix: `${keys.leases}subject/`, keysOnly: true },
    ...p.jobs.slice(0, 100).map((job) => ({ prefix: keys.turnsOf(job), limit: firstPage })),
  ]);
  const pauses = pauseScopes(entries[0] ?? []);
  const used = slotHolders(entries[1] ?? []);
  const busy = new Set((entries[2] ?? []).map((entry) => entry.key.slice(keys.leases.length)));
  const nowMs = db.nowMs;
  const isFull = (slot: string) =>
    (used.get(slot)?.length ?? 0) >= (p.slotLimits[slot] ?? Number.POSITIVE_INFINITY);
  const queues = p.jobs.map((job, i) => new Queue(db, job, entries[3 + i] ?? []));
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

  constructor(db: Connection, job: JobName, page: readonly Entry[]) {
    this.#db = db;
    this.job = job;
    this.#page = page;
    this.#isLast = page.length < firstPage;
  }

  async head(): Promise<Entry | undefined> {
    if (this.#at >= this.#page.length && !this.#isLast) {
      const after = this.#page.at(-1)?.key;
      const { entries } = await this.#db.read([
        { prefix: keys.turnsOf(this.job), limit: nextPages, ...(after === undefined ? {} : { after }) },
      ]);
      this.#page = entries[0] ?? [];
      this.#at = 0;
      this.#isLast = this.#page.length < nextPages;
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
