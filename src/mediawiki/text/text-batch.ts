import { toRotaError } from '../../core/errors/rota-error.ts';
import type { BufferLease } from '../database/answer-buffers.ts';
import { decodeHistoryObject, type HistoryObject } from './history-object.ts';
import { inflateRawOrNull } from './inflate.ts';
import { readBlobs, type StoredRow, type WantedId } from './stored-row.ts';
import { type ExternalPlace, parseExternalUrl, parseTextAddress, type TextAddress } from './text-address.ts';
import { parseTextFlags, type TextFlags } from './text-flags.ts';
import type { TextFailureCode, TextOutcome, TextRequest } from './text-source.ts';
import type { TextStorage } from './text-storage.ts';

/** A blob of an external store, or why there is none. */
type Blob = { readonly bytes: Uint8Array } | { readonly failure: TextOutcome };

interface ExternalWanted {
  readonly place: ExternalPlace;
  readonly sizeBytes: number;
}

/**
 * One batch of texts: the rows of the text table come in one go, then the blobs that they point to by cluster, then
 * the objects that stubs point to; then every text is decoded from memory.
 */
export class TextBatch {
  readonly #storage: TextStorage;
  readonly #buffers: BufferLease;
  readonly #signal: AbortSignal | undefined;
  /** By text id. */
  #rows = new Map<number, StoredRow>();
  /** By `cluster/id`. */
  readonly #blobs = new Map<string, Blob>();
  /** By cur id. */
  readonly #curTexts = new Map<number, Uint8Array>();

  constructor(storage: TextStorage, buffers: BufferLease, signal: AbortSignal | undefined) {
    this.#storage = storage;
    this.#buffers = buffers;
    this.#signal = signal;
  }

  async fetch(requests: readonly TextRequest[]): Promise<TextOutcome[]> {
    const addresses = requests.map((request) => parseTextAddress(request.address));
    const rowIds = new Map<number, WantedId>();
    const external: ExternalWanted[] = [];
    addresses.forEach((address, index) => {
      const sizeBytes = requests[index]?.sizeBytes ?? 0;
      if (address.kind === 'text-row') rowIds.set(address.id, { id: address.id, sizeBytes });
      else if (address.kind === 'external') external.push({ place: address.place, sizeBytes });
    });
    await this.#readRows([...rowIds.values()], external);
    await this.#followStubs();
    return addresses.map((address, index) => this.#decode(address, requests[index]?.address ?? ''));
  }

  #decode(address: TextAddress, text: string): TextOutcome {
    switch (address.kind) {
      case 'text-row': {
        const row = this.#rows.get(address.id);
        return row === undefined
          ? failed('row-missing', `there is no text row ${address.id}`)
          : this.#decodeRow(address.id, row);
      }
      case 'external':
        return this.#decodeExternal(address.place, parseTextFlags(address.flags));
      case 'known-bad':
        return failed('known-bad', `marked as lost: ${text}`);
      case 'invalid':
        return failed('address-invalid', `no address: ${text}`);
    }
  }

  /** Reads text rows, and the blobs that they (and the given places) point to. */
  async #readRows(wanted: readonly WantedId[], external: readonly ExternalWanted[]): Promise<void> {
    const found = await this.#storage.textTable.read(wanted, this.#buffers, this.#signal);
    const places = [...external];
    for (const { id, sizeBytes } of wanted) {
      const row = found.get(id);
      if (row === undefined) continue;
      this.#rows.set(id, row);
      if (!row.flags.isExternal) continue;
      const place = parseExternalUrl(asText(row.bytes));
      if (place !== null) places.push({ place, sizeBytes });
    }
    await this.#readBlobs(places);
  }

  async #readBlobs(places: readonly ExternalWanted[]): Promise<void> {
    const clusters = Map.groupBy(
      places.filter(({ place }) => !this.#blobs.has(blobKey(place))),
      ({ place }) => place.cluster,
    );
    for (const [cluster, ofCluster] of clusters) {
      // Several revisions may lie in one blob: their sizes say little about its compressed size, but bound it.
      const wanted = new Map(
        ofCluster.map(({ place, sizeBytes }) => [place.id, { id: place.id, sizeBytes }]),
      );
      const keep = (id: number, blob: Blob) => this.#blobs.set(`${cluster}/${id}`, blob);
      if (!this.#storage.external.has(cluster)) {
        const failure = failed('cluster-unknown', `no database is configured for the cluster ${cluster}`);
        for (const id of wanted.keys()) keep(id, { failure });
        continue;
      }
      try {
        const connection = await this.#storage.external.connection(cluster);
        const blobs = await readBlobs(connection, [...wanted.values()], this.#buffers, this.#signal);
        for (const id of wanted.keys()) {
          const bytes = blobs.get(id);
          const failure = failed('row-missing', `there is no blob ${id} in cluster ${cluster}`);
          keep(id, bytes === undefined ? { failure } : { bytes });
        }
      } catch (error) {
        this.#signal?.throwIfAborted();
        const known = toRotaError(error, 'QUERY_FAILED', (cause) => `cluster ${cluster}: ${cause}`);
        // A database that is away may come back: then the piece is tried again, not its texts given up.
        if (known.retryable) throw known;
        const failure = failed('cluster-unreachable', `cluster ${cluster}: ${known.message}`);
        for (const id of wanted.keys()) keep(id, { failure });
      }
    }
  }

  /** Rows that are stubs point to other rows, which are read in one go, too. A stub never points to a stub. */
  async #followStubs(): Promise<void> {
    const rowIds = new Map<number, WantedId>();
    const curIds = new Set<number>();
    for (const [id, row] of this.#rows) {
      if (!row.flags.isObject || row.flags.isError || !mayBeStub(row)) continue;
      const object = this.#objectOfRow(id, row);
      if (object?.kind === 'cur-stub') curIds.add(object.curId);
      if (object?.kind === 'stub' && !this.#rows.has(object.textId))
        rowIds.set(object.textId, { id: object.textId, sizeBytes: 1 << 20 });
    }
    if (rowIds.size > 0) await this.#readRows([...rowIds.values()], []);
    if (curIds.size > 0) await this.#readCur([...curIds]);
  }

  async #readCur(ids: readonly number[]): Promise<void> {
    const { connection } = this.#storage;
    const table = connection.dialect.table(`${connection.address.tablePrefix ?? ''}cur`);
    const text = connection.dialect.bytes('cur_text');
    try {
      const rows = await connection.select(
        `SELECT cur_id, ${text} FROM ${table} WHERE cur_id IN (?)`,
        [ids],
        {
          signal: this.#signal,
          ownBuffer: true,
        },
      );
      while (rows.next()) {
        const bytes = rows.bytes(1);
        if (bytes !== null) this.#curTexts.set(rows.int(0), bytes);
      }
    } catch (error) {
      const known = toRotaError(error, 'QUERY_FAILED', (cause) => cause);
      // Most wikis have no cur table any more.
      if (known.code !== 'TABLE_MISSING' && known.code !== 'TABLE_NOT_GRANTED') throw known;
    }
  }

  #decodeRow(id: number, row: StoredRow): TextOutcome {
    const { flags } = row;
    if (flags.isExternal) {
      const url = asText(row.bytes);
      const place = parseExternalUrl(url);
      if (place === null) return failed('address-invalid', `text row ${id} points to ${url}`);
      return this.#decodeExternal(place, flags);
    }
    if (flags.isError) return failed('marked-error', `text row ${id} has the flag error`);
    if (!flags.isObject) return this.#decodePlain(row.bytes, flags);
    return this.#decodeObject(this.#objectOfRow(id, row), flags, `text row ${id}`);
  }

  #decodeExternal(place: ExternalPlace, flags: TextFlags): TextOutcome {
    const key = blobKey(place);
    const blob = this.#blobs.get(key);
    if (blob === undefined) return failed('row-missing', `there is no blob ${key}`);
    if ('failure' in blob) return blob.failure;
    if (place.item === null) {
      if (flags.isError) return failed('marked-error', `the row of blob ${key} has the flag error`);
      if (!flags.isObject) return this.#decodePlain(blob.bytes, flags);
      return this.#decodeObject(this.#objectOf(key, blob.bytes, flags.isGzip), flags, `blob ${key}`);
    }
    const object = this.#objectOf(key, blob.bytes, false);
    if (object.kind === 'damaged') return failed('object-invalid', `blob ${key} is no object`);
    const item = object.kind === 'items' ? object.items.get(place.item) : undefined;
    if (item === undefined) return failed('item-missing', `blob ${key} has no item ${place.item}`);
    if (flags.isError) return failed('marked-error', `the row of blob ${key} has the flag error`);
    if (!flags.isObject) return this.#decodePlain(Buffer.from(item), flags);
    return this.#decodeObject(decodeHistoryObject(item), flags, `item ${place.item} of blob ${key}`);
  }

  #decodeObject(object: HistoryObject | null, flags: TextFlags, where: string): TextOutcome {
    switch (object?.kind) {
      case 'items': {
        const text = object.items.get(object.defaultKey);
        return text === undefined
          ? failed('item-missing', `${where} has no default item`)
          : this.#item(text, flags);
      }
      case 'stub': {
        const target = this.#objectOfStub(object.textId);
        const text = target?.kind === 'items' ? target.items.get(object.key) : undefined;
        return text === undefined
          ? failed(
              'item-missing',
              `${where} points to ${object.key} in text row ${object.textId}, which has no such item`,
            )
          : this.#item(text, flags);
      }
      case 'cur-stub': {
        const text = this.#curTexts.get(object.curId);
        return text === undefined
          ? failed('cur-missing', `${where} points to cur row ${object.curId}, which is gone`)
          : this.#legacy(text, flags);
      }
      case 'unknown':
        return failed('object-unknown', `${where} is an object of class ${object.className}`);
      default:
        return failed('object-invalid', `${where} is no readable object`);
    }
  }

  #decodePlain(bytes: Uint8Array, flags: TextFlags): TextOutcome {
    if (!flags.isGzip) return this.#legacy(bytes, flags);
    // A compressed empty text has two bytes; nothing at all is an emptied row, which MediaWiki cannot read either.
    if (bytes.length === 0) return failed('gzip-invalid', 'a compressed text has no bytes');
    if (this.#storage.legacy === null || flags.isUtf8) return { kind: 'deflated', bytes };
    const text = inflateRawOrNull(bytes);
    return text === null
      ? failed('gzip-invalid', 'a compressed text cannot be decompressed')
      : this.#legacy(text, flags);
  }

  /** A copy: a view of one small text would keep the whole object in memory. */
  #item(bytes: Uint8Array, flags: TextFlags): TextOutcome {
    return this.#legacy(Buffer.from(bytes), flags);
  }

  #legacy(bytes: Uint8Array, flags: TextFlags): TextOutcome {
    const { legacy } = this.#storage;
    return { kind: 'text', bytes: legacy === null || flags.isUtf8 ? bytes : legacy(bytes) };
  }

  #objectOfRow(id: number, row: StoredRow): HistoryObject | null {
    if (!row.flags.isExternal) return this.#objectOf(rowKey(id), row.bytes, row.flags.isGzip);
    const place = parseExternalUrl(asText(row.bytes));
    if (place === null || place.item !== null) return null;
    const key = blobKey(place);
    const blob = this.#blobs.get(key);
    if (blob === undefined || 'failure' in blob) return null;
    return this.#objectOf(key, blob.bytes, row.flags.isGzip);
  }

  #objectOfStub(textId: number): HistoryObject | null {
    const row = this.#rows.get(textId);
    return row?.flags.isObject === true ? this.#objectOfRow(textId, row) : null;
  }

  /** Texts come in the order of pages, so the revisions that lie in one object come together. */
  #objectOf(key: string, bytes: Uint8Array, isGzip: boolean): HistoryObject {
    const known = this.#storage.objects.get(key);
    if (known !== null) return known;
    // A copy, because the cache keeps it longer than the answer's memory is ours.
    const inflated = isGzip ? inflateRawOrNull(bytes) : Buffer.from(bytes);
    const object: HistoryObject = inflated === null ? { kind: 'damaged' } : decodeHistoryObject(inflated);
    if (object.kind === 'items') this.#storage.objects.add(key, object);
    return object;
  }
}

/** Objects that hold many texts need not be decoded to learn that they are no stubs. */
function mayBeStub(row: StoredRow): boolean {
  if (row.flags.isGzip || row.flags.isExternal) return true;
  return /^O:\d+:"historyblob(cur)?stub"/i.test(asText(row.bytes.subarray(0, 40)));
}

function blobKey(place: ExternalPlace): string {
  return `${place.cluster}/${place.id}`;
}

function rowKey(textId: number): string {
  return `text/${textId}`;
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function failed(code: TextFailureCode, detail: string): TextOutcome {
  return { kind: 'failed', code, detail };
}
