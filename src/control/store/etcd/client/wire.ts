/** The shapes of etcd's v3 JSON gateway that Rota uses. Keys and values are base64, 64-bit numbers are strings. */
export interface WireKv {
  readonly key: string;
  readonly value?: string;
  readonly mod_revision: string;
  readonly lease?: string;
}

export interface WireRange {
  readonly key: string;
  readonly range_end?: string;
  readonly revision?: string;
  readonly limit?: string;
  readonly keys_only?: boolean;
  /** Only what was written at this revision or later; `count` counts all the same. */
  readonly min_mod_revision?: string;
  readonly sort_order?: 'DESCEND';
  readonly sort_target?: 'KEY';
}

export interface WireCompare {
  readonly key: string;
  readonly range_end?: string;
  readonly target: 'MOD' | 'CREATE' | 'VALUE';
  readonly result: 'EQUAL' | 'LESS';
  readonly mod_revision?: string;
  readonly create_revision?: string;
  readonly value?: string;
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
  readonly succeeded?: boolean;
  readonly responses?: readonly {
    readonly response_range?: { readonly kvs?: readonly WireKv[]; readonly count?: string };
  }[];
}

export interface WireWatch {
  readonly create_request: { readonly key: string; readonly range_end?: string };
}

/** A line of a watch's answer; one watch after the other is `created`. */
export interface WireWatchResponse {
  readonly result?: {
    readonly created?: boolean;
    /** The member gives the watch up, because what it was to tell next was compacted away (or may not be read any more). */
    readonly canceled?: boolean;
    readonly events?: readonly { readonly kv?: { readonly key: string } }[];
  };
}

/** A key or value as it travels. */
export function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

export function decode(base64: string | undefined): string {
  return base64 === undefined ? '' : Buffer.from(base64, 'base64').toString('utf8');
}

/** The first key after all that begin with the prefix: its last byte raised by one (no key of ours ends in 0xff). */
export function endOfPrefix(prefix: string): string {
  const bytes = Buffer.from(prefix, 'utf8');
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) + 1;
  return bytes.toString('base64');
}
