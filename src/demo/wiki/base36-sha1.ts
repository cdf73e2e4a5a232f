import { hash } from 'node:crypto';

/** SHA-1 as MediaWiki stores it: base 36, lower case, 31 digits. */
export function base36Sha1(data: Buffer | string): string {
  return BigInt(`0x${hash('sha1', data, 'hex')}`)
    .toString(36)
    .padStart(31, '0');
}
