import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../core/clock.ts';
import { isLeaseMissing } from './client/answer-error.ts';
import type { EtcdLeases } from './client/leases.ts';
import { methods } from './client/methods.ts';
import type { Transport } from './client/transport.ts';
import {
  endOfPrefix,
  type WireKv,
  type WireRange,
  type WireRangeResponse,
  type WireTxn,
  type WireTxnResponse,
} from './client/wire.ts';
import { HeldLeases } from './held-leases.ts';
import { keys } from './keys.ts';

/** Marks of finished transactions are kept for this long, so that a repeated request finds its own. */
const markLeaseMs = 600_000;

export interface ConnectionOptions {
  readonly transport: Transport;
  readonly leases: EtcdLeases;
  readonly clock: Clock;
  /** All keys begin with it: `/rota/`. */
  readonly prefix: string;
}

/** A key and what it holds, without the store's prefix. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly modRevision: string;
  /** The lease that it is bound to. */
  readonly lease?: string;
}

export type Read =
  | { readonly key: string }
  | {
      readonly prefix: string;
      readonly after?: string;
      readonly before?: string;
      readonly limit?: number;
      readonly keysOnly?: boolean;
      readonly descending?: boolean;
      /** Only what was written after this revision. */
      readonly since?: string;
    };

/** Several answers of one state of the store, in the order in which they were asked for. */
export interface Snapshot {
  readonly revision: string;
  readonly cluster: string;
  readonly entries: readonly (readonly Entry[])[];
  readonly ranges: readonly Range[];
}

export interface Range {
  /** Read when they are asked for. */
  readonly entries: readonly Entry[];
  /** How many keys there are, whatever was left out of the answer. */
  readonly count: number;
  /** Of what was answered. */
  readonly lastKey: string | undefined;
  /** The values alone, where all are JSON: for thousands of them twice as fast as the entries. */
  values<T>(): readonly T[];
}

/** One process's way to the store's keys. */
export class Connection implements AsyncDisposable {
  readonly transport: Transport;
  readonly leases: EtcdLeases;
  readonly clock: Clock;
  readonly prefix: string;
  readonly held = new HeldLeases();
  #marks: { readonly lease: Promise<string>; readonly untilMs: number } | undefined;

  constructor(options: ConnectionOptions) {
    this.transport = options.transport;
    this.leases = options.leases;
    this.clock = options.clock;
    this.prefix = options.prefix;
  }

  get nowMs(): number {
    return this.clock.now().getTime();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport[Symbol.asyncDispose]();
  }

  wireKey(key: string): string {
    return this.prefix + key;
  }

  /** Several reads of one state of the store: now, or at a revision. Fails as compacted when that has gone. */
  async read(reads: readonly Read[], revision?: string): Promise<Snapshot> {
    const success = reads.map((read) => ({
      request_range: { ...this.#wireRange(read), ...(revision === undefined ? {} : { revision }) },
    }));
    const answer = await this.transport.call(methods.txn, { compare: [], success, failure: [] });
    const ranges = reads.map((_, i) => this.#toRange(answer.responses[i]?.response_range));
    return {
      revision: revision ?? answer.header.revision,
      cluster: answer.header.cluster_id,
      ranges,
      get entries() {
        return ranges.map(({ entries }) => entries);
      },
    };
  }

  /** Removes everything under the prefix. */
  async clear(): Promise<void> {
    const range = { key: this.wireKey(''), range_end: endOfPrefix(this.prefix) };
    await this.transport.call(methods.txn, {
      compare: [],
      success: [{ request_delete_range: range }],
      failure: [],
    });
  }

  toEntry(kv: WireKv): Entry {
    return {
      key: kv.key.slice(this.prefix.length),
      value: kv.value,
      modRevision: kv.mod_revision,
      ...(kv.lease === '0' ? {} : { lease: kv.lease }),
    };
  }

  /**
   * Commits once, whatever happens on the way. Each commit writes a mark of its own and asks that it be not there yet:
   * when the answer is lost and the request sent again, the mark tells that it was done.
   */
  async commit(txn: WireTxn): Promise<{ readonly done: boolean; readonly answer: WireTxnResponse }> {
    for (let tries = 1; ; tries++) {
      const mark = this.wireKey(keys.commit(randomUUID()));
      const lease = await this.#markLease();
      try {
        const answer = await this.transport.call(methods.txn, {
          compare: [...txn.compare, { key: mark, target: 'CREATE', result: 'EQUAL', create_revision: '0' }],
          success: [...txn.success, { request_put: { key: mark, value: '', lease } }],
          failure: [...txn.failure, { request_range: { key: mark } }],
        });
        const marked = (answer.responses.at(-1)?.response_range?.kvs.length ?? 0) > 0;
        return { done: answer.succeeded || marked, answer };
      } catch (error) {
        // Either the marks' lease or the one that the transaction binds its keys to; the caller knows the latter.
        if (!isLeaseMissing(error) || tries > 1) throw error;
        this.#marks = undefined;
      }
    }
  }

  async #markLease(): Promise<string> {
    const nowMs = this.clock.monotonicMs();
    if (this.#marks === undefined || this.#marks.untilMs < nowMs) {
      const lease = this.leases.grant(markLeaseMs);
      this.#marks = { lease, untilMs: nowMs + markLeaseMs / 2 };
      lease.catch(() => {
        this.#marks = undefined;
      });
    }
    return this.#marks.lease;
  }

  #toRange(answer: WireRangeResponse | undefined): Range {
    const { prefix } = this;
    let entries: readonly Entry[] | undefined;
    const read = () => (answer?.kvs ?? []).map((kv) => this.toEntry(kv));
    return {
      count: answer?.count ?? 0,
      get entries() {
        entries ??= read();
        return entries;
      },
      get lastKey() {
        return answer?.last?.key.slice(prefix.length);
      },
      values: <T>() => (answer?.values() ?? []) as readonly T[],
    };
  }

  #wireRange(read: Read): WireRange {
    if ('key' in read) return { key: this.wireKey(read.key) };
    return {
      // The key right after another is that key with a zero byte.
      key: read.after === undefined ? this.wireKey(read.prefix) : this.wireKey(`${read.after}\0`),
      range_end:
        read.before === undefined ? endOfPrefix(this.prefix + read.prefix) : this.wireKey(read.before),
      ...(read.limit === undefined ? {} : { limit: read.limit }),
      ...(read.keysOnly ? { keys_only: true } : {}),
      ...(read.since === undefined ? {} : { min_mod_revision: String(BigInt(read.since) + 1n) }),
      // Ranges come in the order of their keys. When an order is asked for, even that one, a member reads the whole
      // range before it looks at the limit.
      ...(read.descending ? { sort_target: 'KEY', sort_order: 'DESCEND' } : {}),
    };
  }
}
