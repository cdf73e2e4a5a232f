/** Where a text lies: a parsed content_address or the URL in a row with the flag `external`. */
export type TextAddress =
  | { readonly kind: 'text-row'; readonly id: number }
  | { readonly kind: 'external'; readonly place: ExternalPlace; readonly flags: string }
  | { readonly kind: 'known-bad' }
  | { readonly kind: 'invalid' };

/** `DB://cluster/id` or `DB://cluster/id/item`. */
export interface ExternalPlace {
  readonly cluster: string;
  readonly id: number;
  /** Key of an item within an object that holds many texts; null when the blob is one text. */
  readonly item: string | null;
}

const addressPattern = /^([-+.\w]+):([^\s?]+)(?:\?(\S*))?$/;

/** Reads `tt:123`, `es:DB://cluster/id[/item]?flags=utf-8,gzip` and `bad:…`. */
export function parseTextAddress(address: string): TextAddress {
  // By far the most frequent kind goes without the general pattern.
  if (address.startsWith('tt:')) {
    const id = positiveId(address.slice(3));
    if (id !== null) return { kind: 'text-row', id };
  }
  const match = addressPattern.exec(address);
  const schema = match?.[1]?.toLowerCase();
  const rest = match?.[2] ?? '';
  if (schema === 'bad') return { kind: 'known-bad' };
  if (schema === 'tt') {
    const id = positiveId(rest);
    return id === null ? { kind: 'invalid' } : { kind: 'text-row', id };
  }
  if (schema !== 'es') return { kind: 'invalid' };
  const place = parseExternalUrl(rest);
  if (place === null) return { kind: 'invalid' };
  return { kind: 'external', place, flags: new URLSearchParams(match?.[3] ?? '').get('flags') ?? '' };
}

/** Reads `DB://cluster/id[/item]`; null when it is not one. */
export function parseExternalUrl(url: string): ExternalPlace | null {
  const match = /^DB:\/\/([^/]+)\/(\d+)(?:\/([^/]+))?$/i.exec(url);
  if (match === null) return null;
  const [, cluster = '', digits = '', item] = match;
  const id = positiveId(digits);
  return id === null ? null : { cluster, id, item: item ?? null };
}

function positiveId(text: string): number | null {
  if (!/^[1-9]\d{0,15}$/.test(text)) return null;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : null;
}
