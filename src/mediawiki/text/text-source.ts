import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { DatabaseAddress } from '../database/database-address.ts';

/** One text that is wanted: a slot of a revision. */
export interface TextRequest {
  readonly revisionId: number;
  readonly role: string;
  /** content_address as the metadata gave it. */
  readonly address: string;
  /** content_size: an estimate for batching only. */
  readonly sizeBytes: number;
  readonly sha1: string;
}

/** Why a text cannot be had; {@link mediawikiPrints} says what MediaWiki's own dump writes then. */
export type TextFailureCode =
  /** The address is not one (or is `tt:0`). */
  | 'address-invalid'
  /** An address that MediaWiki's own scripts marked as lost (`bad:…`). */
  | 'known-bad'
  /** There is no such row (in the text table or in the external store). */
  | 'row-missing'
  /** The row carries the flag `error`. */
  | 'marked-error'
  /** Compressed bytes that cannot be decompressed. */
  | 'gzip-invalid'
  /** A serialised object that is damaged. */
  | 'object-invalid'
  /** A serialised object of a class that holds no text. */
  | 'object-unknown'
  /** The object does not hold the item that the row points to. */
  | 'item-missing'
  /** A stub of MediaWiki 1.4 whose cur row is gone. */
  | 'cur-missing'
  /** No database is configured for the external store's cluster. */
  | 'cluster-unknown'
  /** The external store's database refuses. */
  | 'cluster-unreachable';

/**
 * What MediaWiki prints in its own dump for a text that cannot be had: an element without text and without
 * xml:space ('no-text'), an element with an empty text ('empty-text'), or nothing any more ('dies').
 */
export const mediawikiPrints: Readonly<Record<TextFailureCode, 'no-text' | 'empty-text' | 'dies'>> = {
  'address-invalid': 'no-text',
  'known-bad': 'empty-text',
  'row-missing': 'no-text',
  'marked-error': 'no-text',
  'gzip-invalid': 'no-text',
  'object-invalid': 'no-text',
  'object-unknown': 'dies',
  'item-missing': 'no-text',
  'cur-missing': 'no-text',
  'cluster-unknown': 'no-text',
  'cluster-unreachable': 'no-text',
};

export type TextOutcome =
  /** UTF-8 after all decoding. The bytes may be a view of a larger buffer; they stay valid. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  /** Raw deflate of the UTF-8 text, for the consumer to inflate into its own buffer (inflateRawInto). */
  | { readonly kind: 'deflated'; readonly bytes: Uint8Array }
  /** From an earlier dump of the same profile: the text as it stands in the XML; its size and SHA-1 are those of the row. */
  | {
      readonly kind: 'escaped';
      readonly bytes: Uint8Array;
      readonly sizeBytes: number;
      readonly sha1: string;
    }
  /** `detail` is private: it may name addresses and hosts. */
  | { readonly kind: 'failed'; readonly code: TextFailureCode; readonly detail: string };

/** Reads texts of slots. One fetch at a time. */
export interface TextSource extends AsyncDisposable {
  /**
   * The texts in the order of the requests. A text that cannot be read is an outcome, not an error.
   * @throws RotaError DATABASE_UNREACHABLE when the database does not come back in time
   */
  fetch(requests: readonly TextRequest[], signal?: AbortSignal): Promise<readonly TextOutcome[]>;
  /** The bytes of what one fetch() gave are not used any more: their memory may be used again. Need not be called. */
  release?(outcomes: readonly TextOutcome[]): void;
}

export interface TextSourceOptions {
  readonly database: DatabaseAddress;
  /** Databases of external storage by cluster name (`DB://cluster/…`). */
  readonly externalStores: Readonly<Record<string, DatabaseAddress>>;
  /** $wgLegacyEncoding, for rows without the flag utf-8. */
  readonly legacyEncoding?: string | undefined;
  /** How long a database that went away is waited for. Default 5 minutes. */
  readonly retryForMs?: number | undefined;
  readonly log: Log;
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Use mysql2's public interface to read rows. */
  readonly publicInterface?: boolean | undefined;
}
