/**
 * The messages of etcd's v3 API that Rota uses, by etcd's own names of their fields. Keys and values are text (all of ours are
 * UTF-8), numbers of 64 bits decimal digits.
 */
export interface WireKv {
  readonly key: string;
  readonly value: string;
  readonly mod_revision: string;
  /** `0`: none. */
  readonly lease: string;
}

export interface WireRange {
  readonly key: string;
  readonly range_end?: string;
  readonly revision?: string;
  readonly limit?: number;
  readonly keys_only?: boolean;
  /** Only what was written at this revision or later; `count` counts all the same. */
  readonly min_mod_revision?: string;
  readonly sort_order?: 'DESCEND';
  readonly sort_target?: 'KEY';
}

export interface WireRangeResponse {
  readonly kvs: readonly WireKv[];
  /** How many keys the range has, whatever was left out of the answer. */
  readonly count: number;
  readonly last: WireKv | undefined;
  /** All values, of a range where each is JSON. */
  values(): readonly unknown[];
}

export interface WireCompare {
  readonly key: string;
  readonly range_end?: string;
  readonly target: 'MOD' | 'CREATE' | 'VALUE' | 'LEASE';
  readonly result: 'EQUAL' | 'LESS';
  readonly mod_revision?: string;
  readonly create_revision?: string;
  readonly value?: string;
  readonly lease?: string;
}

export type WireOp =
  | { readonly request_range: WireRange }
  | { readonly request_put: { readonly key: string; readonly value: string; readonly lease?: string } }
  | { readonly request_delete_range: { readonly key: string; readonly range_end?: string } };

export interface WireTxn {
  readonly compare: readonly WireCompare[];
  readonly success: readonly WireOp[];
  readonly failure: readonly WireOp[];
}

export interface WireHeader {
  readonly cluster_id: string;
  readonly member_id: string;
  readonly revision: string;
}

export interface WireTxnResponse {
  readonly header: WireHeader;
  readonly succeeded: boolean;
  /** One for each of the operations that were done; a write's says nothing. */
  readonly responses: readonly { readonly response_range?: WireRangeResponse }[];
}

export interface WireLease {
  readonly ID: string;
}

export interface WireTtl {
  /** Seconds; 0 or less when the lease has ended. */
  readonly TTL: number;
  readonly grantedTTL: number;
}

export interface WireWatch {
  readonly key: string;
  readonly range_end?: string;
}

/** What a watch tells; one watch after the other is `created`. */
export interface WireWatchResponse {
  readonly created: boolean;
  /** The member gives the watch up, because what it was to tell next was compacted away (or may not be read any more). */
  readonly canceled: boolean;
  /** The keys that were written or went. */
  readonly events: readonly { readonly key: string }[];
}

export interface WireStatus {
  readonly header: WireHeader;
  readonly version: string;
  readonly dbSize: number;
  readonly dbSizeInUse: number;
  /** `0`: none. */
  readonly leader: string;
  readonly errors: readonly string[];
}

/** The first key after all that begin with the prefix: its last character raised by one (all of ours end with a slash). */
export function endOfPrefix(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}
