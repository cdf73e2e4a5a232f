import { AnswerBuffers, type BufferLease } from '../database/answer-buffers.ts';
import { openDatabase } from '../database/open-database.ts';
import { tableName } from '../schema/table-name.ts';
import { ExternalStores } from './external-stores.ts';
import { type LegacyDecoder, legacyDecoder } from './legacy-encoding.ts';
import { lookUpAddresses, slotKey } from './moved-texts.ts';
import { ObjectCache } from './object-cache.ts';
import { TextTable } from './stored-row.ts';
import { TextBatch } from './text-batch.ts';
import type { TextOutcome, TextRequest, TextSource, TextSourceOptions } from './text-source.ts';
import type { TextStorage } from './text-storage.ts';

/** Reads texts from the text table and the external stores. A text that fails is looked up again once. */
export class StoredTextSource implements TextSource {
  readonly #options: TextSourceOptions;
  readonly #legacy: LegacyDecoder | null;
  #storage: TextStorage | null = null;
  readonly #buffers = new AnswerBuffers();
  readonly #leases = new WeakMap<readonly TextOutcome[], BufferLease>();

  constructor(options: TextSourceOptions) {
    this.#options = options;
    this.#legacy = options.legacyEncoding ? legacyDecoder(options.legacyEncoding) : null;
  }

  async open(): Promise<void> {
    const { database, externalStores, log, clock, signal, retryForMs, publicInterface } = this.#options;
    const settings = { log, clock, signal, retryForMs, publicInterface };
    const connection = await openDatabase(database, { ...settings, patientStart: true });
    this.#storage = {
      connection,
      textTable: new TextTable(connection, tableName(connection, 'text', database.tablePrefix ?? '')),
      external: new ExternalStores(externalStores, settings),
      objects: new ObjectCache(),
      legacy: this.#legacy,
    };
  }

  async fetch(requests: readonly TextRequest[], signal?: AbortSignal): Promise<readonly TextOutcome[]> {
    const storage = this.#storage;
    if (storage === null) throw new Error('the text source was closed by its owner');
    const buffers = this.#buffers.lease();
    const outcomes = await new TextBatch(storage, buffers, signal).fetch(requests);
    this.#leases.set(outcomes, buffers);
    const failed = requests.flatMap((request, index) =>
      isWorthRetrying(outcomes[index]) ? [{ request, index }] : [],
    );
    if (failed.length > 0) {
      const ids = [...new Set(failed.map((one) => one.request.revisionId))];
      const addresses = await lookUpAddresses(storage.connection, ids, signal);
      const again = failed.map(({ request }) => ({
        ...request,
        address: addresses.get(slotKey(request.revisionId, request.role)) ?? request.address,
      }));
      const retried = await new TextBatch(storage, buffers, signal).fetch(again);
      failed.forEach(({ index }, at) => {
        const outcome = retried[at];
        if (outcome !== undefined) outcomes[index] = outcome;
      });
    }
    return outcomes;
  }

  release(outcomes: readonly TextOutcome[]): void {
    this.#leases.get(outcomes)?.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const storage = this.#storage;
    this.#storage = null;
    await storage?.external[Symbol.asyncDispose]();
    await storage?.connection.close();
  }
}

/** A lost text that MediaWiki has marked as such, or a cluster that is not configured, does not come back. */
function isWorthRetrying(outcome: TextOutcome | undefined): boolean {
  return (
    outcome?.kind === 'failed' &&
    outcome.code !== 'known-bad' &&
    outcome.code !== 'cluster-unknown' &&
    outcome.code !== 'cluster-unreachable'
  );
}
