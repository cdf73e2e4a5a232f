import { hash } from 'node:crypto';

/** SHA-1 of an empty text, as MediaWiki stores it. */
export const emptySha1Base36 = 'phoiac9h4m842xq45sp7s6u21eteeq1';

/** SHA-1 in base 36 (digits, then a to z), padded to 31 characters: the form of content_sha1 and rev_sha1. */
export function sha1Base36(bytes: Uint8Array | string): string {
  return hexToBase36(hash('sha1', bytes, 'hex'));
}

function hexToBase36(hex: string): string {
  return BigInt(`0x${hex}`).toString(36).padStart(31, '0');
}
