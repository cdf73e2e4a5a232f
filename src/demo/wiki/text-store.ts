import { deflateRawSync } from 'node:zlib';
import type { Random } from '../../core/random.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import { base36Sha1 } from './base36-sha1.ts';
import type { IdCounters } from './id-counters.ts';
import { type TextStorage, textStorages, type WikiOptions } from './wiki-options.ts';

/** A content row: what a slot points at. */
export interface StoredContent {
  readonly contentId: number;
  readonly size: number;
  readonly sha1: string;
  /** The revision that brought it; 0 until it has been used. */
  origin: number;
}

export const modelIds: Readonly<Record<string, number>> = {
  wikitext: 1,
  javascript: 2,
  css: 3,
  json: 4,
  text: 5,
};

/** The cluster's name in `DB://cluster1/ID`. */
export const externalCluster = 'cluster1';

/** Writes texts and their content rows, in the mixture of storage forms that the options ask for. */
export class TextStore {
  readonly #ids: IdCounters;
  readonly #random: Random;
  readonly #level: number;
  readonly #shares: readonly (readonly [TextStorage, number])[];
  readonly #texts: TableWriter;
  readonly #contents: TableWriter;
  readonly #blobs: TableWriter | null;
  /** Bytes of all texts so far, as a dump shows them. */
  totalBytes = 0;

  constructor(
    database: DemoDatabase,
    external: DemoDatabase | null,
    options: Pick<WikiOptions, 'storage' | 'compressionLevel'>,
    ids: IdCounters,
    random: Random,
  ) {
    this.#ids = ids;
    this.#random = random;
    this.#level = options.compressionLevel;
    let sum = 0;
    this.#shares = textStorages.map((storage) => {
      sum += storage === 'external' && external === null ? 0 : (options.storage[storage] ?? 0);
      return [storage, sum] as const;
    });
    this.#texts = new TableWriter(database, 'text', ['old_id', 'old_text', 'old_flags'], 100);
    this.#contents = new TableWriter(database, 'content', [
      'content_id',
      'content_size',
      'content_sha1',
      'content_model',
      'content_address',
    ]);
    this.#blobs =
      external === null ? null : new TableWriter(external, 'blobs', ['blob_id', 'blob_text'], 100);
  }

  /** `bytes` may be overwritten by the caller afterwards. */
  add(bytes: Buffer, model: string): StoredContent {
    const sha1 = base36Sha1(bytes);
    const textId = ++this.#ids.text;
    const contentId = ++this.#ids.content;
    this.totalBytes += bytes.length;
    this.#texts.add([textId, ...this.#row(bytes)]);
    this.#contents.add([contentId, bytes.length, sha1, modelIds[model] ?? 1, `tt:${textId}`]);
    return { contentId, size: bytes.length, sha1, origin: 0 };
  }

  get writers(): readonly TableWriter[] {
    return this.#blobs === null ? [this.#texts, this.#contents] : [this.#texts, this.#contents, this.#blobs];
  }

  #row(bytes: Buffer): readonly [Buffer, string] {
    switch (this.#storage()) {
      case 'plain':
        return [Buffer.from(bytes), 'utf-8'];
      case 'legacy':
        return [Buffer.from(bytes), ''];
      case 'gzip':
        return [deflateRawSync(bytes, { level: this.#level }), 'utf-8,gzip'];
      case 'external': {
        const id = ++this.#ids.blob;
        this.#blobs?.add([id, deflateRawSync(bytes, { level: this.#level })]);
        return [Buffer.from(`DB://${externalCluster}/${id}`), 'utf-8,gzip,external'];
      }
    }
  }

  #storage(): TextStorage {
    const total = this.#shares.at(-1)?.[1] ?? 0;
    if (total === 0) return 'plain';
    const at = this.#random.float() * total;
    return this.#shares.find(([, sum]) => at < sum)?.[0] ?? 'plain';
  }
}
