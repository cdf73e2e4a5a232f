import { pagePrintBytes } from '../../mediawiki/record/page-print.ts';
import { zstFrame } from '../containers/zst/frame.ts';
import {
  type LedgerEntry,
  type LedgerHead,
  type LedgerTotals,
  type LedgerUser,
  ledgerMagic,
  pageDigestBytes,
  revisionDigestBytes,
} from './ledger-format.ts';

/** Raw bytes of one frame, about. */
const frameBytes = 1 << 20;
/** A number takes at most 8 bytes (2^53 in sevens). */
const longestNumber = 8;

/** Keys in one order: equal states are to have equal bytes, whoever wrote them. */
function headLine(head: LedgerHead): string {
  const { wiki, job, date, schema, mark, revisions, logs, users, takenAt, site, prints } = head;
  return JSON.stringify({ wiki, job, date, schema, mark, revisions, logs, users, takenAt, site, prints });
}

/**
 * Encodes a ledger as zst frames that are ready to be written. Memory: one frame, and what a page's revisions take.
 * Entries come ascending by page.
 */
export class LedgerEncoder {
  readonly #withRevisions: boolean;
  readonly #withPrints: boolean;
  #buffer = Buffer.allocUnsafe(frameBytes + 4096);
  #length = 0;
  #lastPage = 0;
  #lastUser = 0;
  #pages = 0;
  #revisions = 0;

  constructor(head: LedgerHead) {
    this.#withRevisions = head.revisions;
    this.#withPrints = head.prints !== undefined;
    const bytes = Buffer.from(`${ledgerMagic}${headLine(head)}\n`);
    this.#room(bytes.length);
    this.#length = bytes.copy(this.#buffer);
  }

  get totals(): LedgerTotals {
    return { pages: this.#pages, revisions: this.#revisions };
  }

  /** Ascending by id, all before the first page, where the head says that there are any. Returns a frame when one is full. */
  addUser({ id, name }: LedgerUser): Buffer | null {
    if (id <= this.#lastUser) throw new RangeError(`user ${id} after user ${this.#lastUser} in a ledger`);
    this.#room(2 * longestNumber + name.length);
    this.#number(id - this.#lastUser);
    this.#number(name.length);
    this.#length += this.#buffer.write(name, this.#length, 'latin1');
    this.#lastUser = id;
    return this.#length < frameBytes ? null : this.#frame();
  }

  endUsers(): void {
    this.#room(1);
    this.#number(0);
  }

  /** Returns a frame when one is full. */
  add(entry: LedgerEntry): Buffer | null {
    if (entry.pageId <= this.#lastPage) {
      throw new RangeError(`page ${entry.pageId} after page ${this.#lastPage} in a ledger`);
    }
    this.#room(2 * longestNumber + pageDigestBytes);
    this.#number(entry.pageId - this.#lastPage);
    this.#number(entry.revisionCount);
    this.#length += entry.digest.copy(this.#buffer, this.#length, 0, pageDigestBytes);
    if (this.#withRevisions) this.#addDetails(entry);
    this.#lastPage = entry.pageId;
    this.#pages += 1;
    this.#revisions += entry.revisionCount;
    return this.#length < frameBytes ? null : this.#frame();
  }

  /** The last frame. */
  finish(): Buffer {
    this.#room(1 + 2 * longestNumber);
    this.#number(0);
    this.#number(this.#pages);
    this.#number(this.#revisions);
    return this.#frame();
  }

  #addDetails({ details, revisionCount }: LedgerEntry): void {
    if (details?.ids.length !== revisionCount) throw new RangeError('a ledger entry lacks its revisions');
    const { headDigest, print, ids, digests, textKeys } = details;
    this.#room(revisionDigestBytes + pagePrintBytes);
    this.#length += headDigest.copy(this.#buffer, this.#length, 0, revisionDigestBytes);
    if (this.#withPrints) {
      this.#buffer.fill(0, this.#length, this.#length + pagePrintBytes);
      print?.copy(this.#buffer, this.#length, 0, pagePrintBytes);
      this.#length += pagePrintBytes;
    }
    let previous = 0;
    for (let at = 0; at < ids.length; at++) {
      this.#room(longestNumber + 12);
      const id = ids[at] ?? 0;
      this.#number(id - previous);
      previous = id;
      this.#length += digests.copy(this.#buffer, this.#length, at * 8, at * 8 + 8);
      this.#length = this.#buffer.writeUInt32LE(textKeys[at] ?? 0, this.#length);
    }
  }

  #frame(): Buffer {
    const { bytes } = zstFrame(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }

  #number(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(bigger, 0, 0, this.#length);
    this.#buffer = bigger;
  }
}
