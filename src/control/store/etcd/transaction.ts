import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import { isCompacted } from './client/answer-error.ts';
import { endOfPrefix, type WireCompare, type WireOp } from './client/wire.ts';
import type { Connection, Entry, Read, Snapshot } from './connection.ts';
import { keys } from './keys.ts';

/** etcd's default `--max-txn-ops` is 128; one is for the mark of a commit. */
export const maxOps = 120;

/** So many times in a row another transaction was faster: then something is wrong. */
const maxTries = 200;

/** All keys below some prefixes (with or without their values), as they were at a revision. */
export interface KnownLists {
  readonly revision: string;
  readonly lists: ReadonlyMap<string, readonly Entry[]>;
}

interface Guard {
  readonly key: string;
  readonly value: string;
  readonly lost: () => RotaError;
}

/**
 * An attempt at an atomic action: it reads one state of the store, gathers writes, and commits them if nothing it read
 * has changed since. Values are JSON. Ranges are not compared, only what `get` read; see `nothingNewIn`.
 */
export class Transaction {
  readonly db: Connection;
  readonly nowMs: number;
  #revision: string | undefined;
  readonly #seen = new Map<string, Entry | undefined>();
  readonly #lists: Map<string, readonly Entry[]>;
  readonly #writes = new Map<string, { readonly value: string; readonly lease?: string } | undefined>();
  readonly #deletedPrefixes = new Set<string>();
  readonly #quietRanges = new Set<string>();
  readonly #guards: Guard[] = [];

  /** Begins at the state of what is known already, else at that of its first read. */
  constructor(db: Connection, known?: KnownLists) {
    this.db = db;
    this.nowMs = db.nowMs;
    this.#revision = known?.revision;
    this.#lists = new Map(known?.lists);
  }

  async get<T>(key: string): Promise<T | undefined> {
    if (!this.#writes.has(key)) await this.load([key]);
    return this.have<T>(key);
  }

  /** Reads several keys, and all that is below prefixes, in one request: then `have` and `list` have them at hand. */
  async load(keys: readonly string[], prefixes: readonly string[] = []): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.#seen.has(key));
    const unlisted = prefixes.filter((prefix) => !this.#lists.has(prefix));
    const wanted: readonly Read[] = [
      ...unlisted.map((prefix) => ({ prefix })),
      ...missing.map((key) => ({ key })),
    ];
    for (let from = 0; from < wanted.length; from += maxOps) {
      const part = wanted.slice(from, from + maxOps);
      const found = await this.read(part);
      for (const [i, read] of part.entries()) {
        if ('key' in read) this.#seen.set(read.key, found[i]?.[0]);
        else this.#lists.set(read.prefix, found[i] ?? []);
      }
    }
  }

  /** What a known list does not have need not be read to be compared at the commit. */
  seeMissing(prefix: string, key: string): void {
    const list = this.#lists.get(prefix);
    if (list === undefined || this.#seen.has(key)) return;
    if (!list.some((entry) => entry.key === key)) this.#seen.set(key, undefined);
  }

  /** A value that was read or written in this transaction. */
  have<T>(key: string): T | undefined {
    if (this.#writes.has(key)) {
      const written = this.#writes.get(key);
      return written === undefined ? undefined : JSON.parse(written.value);
    }
    const entry = this.#seen.get(key);
    return entry === undefined ? undefined : JSON.parse(entry.value);
  }

  /** The etcd lease that a loaded key is bound to. */
  leaseOf(key: string): string | undefined {
    return this.#seen.get(key)?.lease;
  }

  /** Reads at this transaction's state of the store without comparing at the commit. */
  async read(reads: readonly Read[]): Promise<readonly (readonly Entry[])[]> {
    return reads.length === 0 ? [] : (await this.snapshot(reads)).entries;
  }

  /** As `read`, for who wants more of it than the entries. */
  async snapshot(reads: readonly Read[]): Promise<Snapshot> {
    const snapshot = await this.db.read(reads, this.#revision);
    this.#revision = snapshot.revision;
    return snapshot;
  }

  async list(prefix: string, options: { readonly keysOnly?: boolean } = {}): Promise<readonly Entry[]> {
    return this.#lists.get(prefix) ?? (await this.read([{ prefix, ...options }]))[0] ?? [];
  }

  /** Fails the commit (and tries again) when a key under the prefix was written since this transaction's reads. */
  nothingNewIn(prefix: string): void {
    this.#quietRanges.add(prefix);
  }

  /** Fails the action when the key no longer holds the value at the commit: the fence. */
  guard(guard: Guard): void {
    this.#guards.push(guard);
  }

  put(key: string, value: unknown, lease?: string): void {
    this.#writes.set(key, { value: JSON.stringify(value), ...(lease === undefined ? {} : { lease }) });
  }

  delete(key: string): void {
    this.#writes.set(key, undefined);
  }

  /** Not to be mixed with writes under the same prefix. */
  deletePrefix(prefix: string): void {
    this.#deletedPrefixes.add(prefix);
  }

  get isEmpty(): boolean {
    return this.#writes.size === 0 && this.#deletedPrefixes.size === 0;
  }

  /** False when another transaction was faster; throws what a guard says when it is lost. */
  async commit(): Promise<boolean> {
    if (this.isEmpty && this.#guards.length === 0) return true;
    const txn = {
      compare: this.#compares(),
      success: this.#ops(),
      failure: this.#guards.map((guard) => ({ request_range: { key: this.db.wireKey(guard.key) } })),
    };
    const { done, answer } = await this.db.commit(txn);
    if (done) {
      this.#noteHeldLeases();
      return true;
    }
    for (const [i, guard] of this.#guards.entries()) {
      const kv = answer.responses[i]?.response_range?.kvs[0];
      if (!this.#holds(guard, kv === undefined ? undefined : this.db.toEntry(kv))) throw guard.lost();
    }
    return false;
  }

  /** Throws what a lost guard says, so that an action that failed for another reason is told the true one. */
  async assertGuards(): Promise<void> {
    const { entries } = await this.db.read(this.#guards.map((guard) => ({ key: guard.key })));
    for (const [i, guard] of this.#guards.entries())
      if (!this.#holds(guard, entries[i]?.[0])) throw guard.lost();
  }

  #holds(guard: Guard, entry: Entry | undefined): boolean {
    const lease = this.db.held.get(guard.key, guard.value);
    return entry?.value === guard.value && (lease === undefined || entry.lease === lease);
  }

  /** Leases that this commit gave, and those that its guards have shown to be ours. */
  #noteHeldLeases(): void {
    const { held } = this.db;
    for (const { key, value } of this.#guards) {
      const entry = this.#seen.get(key);
      if (entry?.value === value && entry.lease !== undefined) held.set(key, value, entry.lease);
    }
    for (const [key, write] of this.#writes) {
      if (!key.startsWith(keys.leases)) continue;
      if (write?.lease === undefined) held.delete(key);
      else held.set(key, write.value, write.lease);
    }
  }

  get hasGuards(): boolean {
    return this.#guards.length > 0;
  }

  #compares(): WireCompare[] {
    const { db } = this;
    const guarded = new Set(this.#guards.map((guard) => guard.key));
    return [
      ...this.#guards.map((guard) => {
        const about = { key: db.wireKey(guard.key), result: 'EQUAL' } as const;
        const lease = db.held.get(guard.key, guard.value);
        // The key has no other token while it is bound to the lease that it was written with.
        return lease === undefined
          ? ({ ...about, target: 'VALUE', value: guard.value } as const)
          : ({ ...about, target: 'LEASE', lease } as const);
      }),
      ...(this.isEmpty ? [] : [...this.#seen])
        .filter(([key]) => !guarded.has(key))
        .map(
          ([key, entry]) =>
            ({
              key: db.wireKey(key),
              target: 'MOD',
              result: 'EQUAL',
              mod_revision: entry?.modRevision ?? '0',
            }) as const,
        ),
      ...[...this.#quietRanges].map(
        (prefix) =>
          ({
            key: db.wireKey(prefix),
            range_end: endOfPrefix(db.prefix + prefix),
            target: 'MOD',
            result: 'LESS',
            mod_revision: String(BigInt(this.#revision ?? '0') + 1n),
          }) as const,
      ),
    ];
  }

  #ops(): WireOp[] {
    const { db } = this;
    return [
      ...[...this.#writes].map(
        ([key, write]): WireOp =>
          write === undefined
            ? { request_delete_range: { key: db.wireKey(key) } }
            : {
                request_put: {
                  key: db.wireKey(key),
                  value: write.value,
                  ...(write.lease === undefined ? {} : { lease: write.lease }),
                },
              },
      ),
      ...[...this.#deletedPrefixes].map(
        (prefix): WireOp => ({
          request_delete_range: { key: db.wireKey(prefix), range_end: endOfPrefix(db.prefix + prefix) },
        }),
      ),
    ];
  }
}

/**
 * Does an action as one transaction: again from the start whenever another was faster or the state it read was
 * compacted away. What the action throws leaves the store as it was.
 */
export async function transact<T>(
  db: Connection,
  action: (tx: Transaction) => Promise<T>,
  /** Where the first attempt begins. */
  known?: KnownLists,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const tx = new Transaction(db, tries === 1 ? known : undefined);
    try {
      const result = await action(tx);
      if (await tx.commit()) return result;
    } catch (error) {
      if (!isCompacted(error)) {
        if (
          tx.hasGuards &&
          isRotaError(error) &&
          error.code !== 'LEASE_LOST' &&
          !error.code.startsWith('STORE_')
        ) {
          await tx.assertGuards();
        }
        throw error;
      }
    }
    await beforeNextTry(tries);
  }
}

/** After so many tries in which another was faster. */
export async function beforeNextTry(tries: number): Promise<void> {
  if (tries >= maxTries) {
    throw new RotaError(
      'STORE_BUSY',
      `The run store in etcd changed ${maxTries} times while one change was tried: try again, and look for a process that writes without end`,
    );
  }
  if (tries > 1)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(100, 2 ** tries)));
}
