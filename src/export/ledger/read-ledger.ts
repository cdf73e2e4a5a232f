import { RotaError } from '../../core/errors/rota-error.ts';
import { pagePrintBytes } from '../../mediawiki/record/page-print.ts';
import {
  type LedgerDetails,
  type LedgerEntry,
  type LedgerHead,
  type LedgerUser,
  ledgerMagic,
  pageDigestBytes,
  revisionDigestBytes,
} from './ledger-format.ts';

export interface OpenLedger {
  readonly head: LedgerHead;
  /** Once, before the entries, and to the end; ascending by id. Nothing where the ledger names no users. */
  users(): AsyncGenerator<LedgerUser, void, void>;
  /** Once; ascending by page. Whoever leaves before the end does not hear whether the ledger was whole. */
  entries(): AsyncGenerator<LedgerEntry, void, void>;
}

/**
 * Reads a ledger from its decompressed bytes. Memory: a few chunks and one page's revisions.
 * @param name for messages
 * @throws RotaError LEDGER_DAMAGED, here or while its entries are read
 */
export async function openLedger(chunks: AsyncIterable<Buffer>, name: string): Promise<OpenLedger> {
  const reader = new LedgerReader(chunks, name);
  const head = await reader.head();
  return { head, users: () => reader.users(head), entries: () => reader.entries(head) };
}

/** Longer lines are no head. */
const longestHead = 64 << 10;
const longestName = 64 << 10;
const longestNumber = 9;
/** A step to its id, a digest and a key. */
const longestRevision = longestNumber + 12;

class LedgerReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #name: string;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #usersRead = false;

  constructor(chunks: AsyncIterable<Buffer>, name: string) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#name = name;
  }

  async head(): Promise<LedgerHead> {
    const magic = await this.#bytes(ledgerMagic.length);
    if (magic.toString('latin1') !== ledgerMagic) {
      throw this.#damaged('it does not begin as a ledger of this version does');
    }
    let end = -1;
    while (end < 0) {
      end = this.#buffer.indexOf(0x0a, this.#at);
      if (end >= 0) break;
      if (this.#buffer.length - this.#at > longestHead || !(await this.#more())) {
        throw this.#damaged('its head does not end');
      }
    }
    const line = this.#buffer.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return this.#parseHead(line);
  }

  async *users(head: LedgerHead): AsyncGenerator<LedgerUser, void, void> {
    if (head.users !== true || this.#usersRead) return;
    let id = 0;
    for (;;) {
      const step = await this.#number();
      if (step === 0) break;
      id += step;
      const length = await this.#number();
      if (length > longestName) throw this.#damaged('a name in it is too long');
      yield { id, name: (await this.#bytes(length)).toString('latin1') };
    }
    this.#usersRead = true;
  }

  async *entries(head: LedgerHead): AsyncGenerator<LedgerEntry, void, void> {
    try {
      for await (const _ of this.users(head));
      let pageId = 0;
      let pages = 0;
      let total = 0;
      for (;;) {
        const step = await this.#number();
        if (step === 0) break;
        pageId += step;
        const revisionCount = await this.#number();
        const digest = Buffer.from(await this.#bytes(pageDigestBytes));
        pages += 1;
        total += revisionCount;
        if (!head.revisions) yield { pageId, revisionCount, digest };
        else
          yield {
            pageId,
            revisionCount,
            digest,
            details: await this.#details(revisionCount, head.prints !== undefined),
          };
      }
      if ((await this.#number()) !== pages || (await this.#number()) !== total) {
        throw this.#damaged('its last numbers are not those of its entries');
      }
      if (this.#at < this.#buffer.length || (await this.#more()))
        throw this.#damaged('it goes on after its end');
    } finally {
      await this.#chunks.return?.();
    }
  }

  async #details(count: number, hasPrint: boolean): Promise<LedgerDetails> {
    const headDigest = Buffer.from(await this.#bytes(revisionDigestBytes));
    const print = hasPrint ? { print: Buffer.from(await this.#bytes(pagePrintBytes)) } : {};
    // Each takes 13 bytes at least: a count out of a damaged file is not believed before they are there.
    const ids: number[] = [];
    const digests: Buffer[] = [];
    const keys: number[] = [];
    let id = 0;
    for (let at = 0; at < count; at++) {
      // Most of them are there already: waiting for each would cost more than reading it.
      if (this.#buffer.length - this.#at < longestRevision) await this.#need(longestRevision);
      id += this.#numberHere();
      if (this.#buffer.length - this.#at < 12) throw this.#damaged('it ends too early');
      ids.push(id);
      digests.push(this.#buffer.subarray(this.#at, this.#at + 8));
      keys.push(this.#buffer.readUInt32LE(this.#at + 8));
      this.#at += 12;
    }
    return {
      headDigest,
      ...print,
      ids: Float64Array.from(ids),
      digests: Buffer.concat(digests),
      textKeys: Uint32Array.from(keys),
    };
  }

  #parseHead(line: string): LedgerHead {
    try {
      const head = JSON.parse(line) as Partial<LedgerHead>;
      const { wiki, job, date, schema, mark, revisions, logs, users, takenAt, site, prints } = head;
      if (
        typeof wiki === 'string' &&
        typeof job === 'string' &&
        typeof date === 'string' &&
        (schema === '0.10' || schema === '0.11') &&
        typeof mark === 'number' &&
        typeof revisions === 'boolean'
      ) {
        return {
          ...{ wiki, job, date, schema, mark, revisions },
          ...(typeof logs === 'number' ? { logs } : {}),
          ...(users === true ? { users } : {}),
          ...(typeof takenAt === 'string' && !Number.isNaN(Date.parse(takenAt)) ? { takenAt } : {}),
          ...(typeof site === 'string' ? { site } : {}),
          ...(typeof prints === 'string' ? { prints } : {}),
        };
      }
    } catch {
      // Said below.
    }
    throw this.#damaged('its head is not one');
  }

  async #number(): Promise<number> {
    if (this.#buffer.length - this.#at < longestNumber) await this.#need(longestNumber);
    return this.#numberHere();
  }

  /** So many bytes, or all that there are. */
  async #need(bytes: number): Promise<void> {
    while (this.#buffer.length - this.#at < bytes && (await this.#more()));
  }

  /** Of what was read already. */
  #numberHere(): number {
    let value = 0;
    let scale = 1;
    for (let length = 0; length < 8; length++) {
      const byte = this.#buffer[this.#at];
      if (byte === undefined) throw this.#damaged('it ends too early');
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw this.#damaged('a number in it is too long');
  }

  /** A view that is valid until the next read. */
  async #bytes(length: number): Promise<Buffer> {
    while (this.#buffer.length - this.#at < length) {
      if (!(await this.#more())) throw this.#damaged('it ends too early');
    }
    const bytes = this.#buffer.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    const rest = this.#buffer.subarray(this.#at);
    this.#buffer = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    this.#at = 0;
    return true;
  }

  #damaged(what: string): RotaError {
    return new RotaError('LEDGER_DAMAGED', `${this.#name} is no whole ledger: ${what}; fetch it again`, {
      facts: { ledger: this.#name },
    });
  }
}
