import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { packedNormalTable } from './normal-table-data.ts';

/** Characters from here on are never doubtful (planes 3 and above). */
export const normalTableLimit = 0x30000;
/** A plane has a bit for every character below the limit. */
export const normalPlaneBytes = normalTableLimit / 8;
export const normalTableBytes = 2 * normalPlaneBytes;

/**
 * Two planes. The first: characters that NFC changes, that may join with the ones before them, that MediaWiki
 * replaces (U+FFFE, U+FFFF), or that the Unicode of the table does not know, so that it holds for later ones. The
 * second: marks that may change places with a mark beside them (their combining class is not 0); alone, they do not.
 */
export function normalTable(): Uint8Array {
  return inflateRawSync(Buffer.from(packedNormalTable.base64, 'base64'));
}

/** Makes the table from this machine's own Unicode (a tenth of a second): the committed one is made so. */
export function makeNormalTable(): Uint8Array {
  const table = new Uint8Array(normalTableBytes);
  const set = (plane: number, character: number) => {
    const at = plane * normalPlaneBytes + (character >> 3);
    table[at] = (table[at] ?? 0) | (1 << (character & 7));
  };
  for (let character = 0xa0; character < normalTableLimit; character += 1) {
    if (character >= 0xd800 && character <= 0xdfff) continue;
    const text = String.fromCodePoint(character);
    const [, ...following] = text.normalize('NFD');
    for (const one of following) set(0, one.codePointAt(0) ?? 0);
    if (isDoubtful(text)) set(0, character);
    if (isMoved(text)) set(1, character);
  }
  return table;
}

/** For the committed file. */
export function packNormalTable(table: Uint8Array): string {
  return deflateRawSync(table, { level: 9 }).toString('base64');
}

const isDoubtful = (text: string): boolean =>
  text.normalize('NFC') !== text || /[\p{Cn}\u1161-\u1175\u11a8-\u11c2\ufffe\uffff]/u.test(text);

/** Changes places with U+0334 (combining class 1, the lowest) after it, or U+0345 (240, the highest) before it. */
const isMoved = (text: string): boolean =>
  `${text}\u0334`.normalize('NFD') === `\u0334${text}` ||
  (text.normalize('NFD') === text && `\u0345${text}`.normalize('NFD') === `${text}\u0345`);
