import { isUtf8 } from 'node:buffer';
import { seen } from './escape-tables.ts';

/**
 * MediaWiki's clean-up of text that goes into XML: what XML does not allow becomes U+FFFD, the rest becomes NFC.
 *
 * - Control characters (x00-08, 0b, 0c, 0e-1f), U+FFFE and U+FFFF: one U+FFFD each.
 * - Invalid UTF-8: a lead byte announces 1 to 5 further bytes (C0-DF 1, E0-EF 2, F0-F7 3, F8-FB 4, FC-FD 5); as many
 *   of them as are there belong to one sequence, and a sequence that is cut short, overlong, a surrogate or above
 *   U+10FFFF becomes one U+FFFD as a whole. Stray continuation bytes, FE and FF: one each.
 *
 * Measured against UtfNormal\Validator::cleanUp with PHP's intl extension (clean.test.ts keeps its answers).
 */
const replacement = [0xef, 0xbf, 0xbd] as const;

/** Binary string in, binary string out; the same string when there is nothing to clean. */
export function cleanBinary(text: string): string {
  if (plain.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return cleanBytes(bytes)?.toString('latin1') ?? text;
}

/** ASCII without control characters, and two-byte characters up to U+02FF, which have no other normal form. */
const plain = /^(?:[\t\n\r\x20-\x7f]|[\xc2-\xcb][\x80-\xbf])*$/;

/**
 * Cleans UTF-8 bytes. Null where they are clean already. `facts` (bits of `seen`, when they are known) spares the
 * checks that cannot fail.
 */
export function cleanBytes(bytes: Buffer, facts = seen.control | seen.nonAscii | seen.high): Buffer | null {
  const mayBeInvalid = (facts & seen.nonAscii) !== 0;
  const valid = !mayBeInvalid || isUtf8(bytes);
  if (!valid || (facts & seen.control) !== 0 || (facts & seen.high) !== 0) {
    const repaired = needsRepair(bytes, valid, facts) ? repair(bytes) : bytes;
    const text = repaired.toString('utf8');
    const normal = text.normalize('NFC');
    if (normal !== text) return Buffer.from(normal, 'utf8');
    return repaired === bytes || repaired.equals(bytes) ? null : repaired;
  }
  return null;
}

const nonCharacters = [Buffer.from([0xef, 0xbf, 0xbe]), Buffer.from([0xef, 0xbf, 0xbf])] as const;

function needsRepair(bytes: Buffer, valid: boolean, facts: number): boolean {
  if (!valid || (facts & seen.control) !== 0) return true;
  return nonCharacters.some((character) => bytes.includes(character));
}

/** Bytes after the lead byte that a sequence should have. */
function announced(lead: number): number {
  if (lead < 0xc0 || lead > 0xfd) return 0;
  if (lead < 0xe0) return 1;
  if (lead < 0xf0) return 2;
  if (lead < 0xf8) return 3;
  return lead < 0xfc ? 4 : 5;
}

/** Whether a sequence that is complete by its lead byte stands for a character that XML allows. */
function isAllowed(bytes: Buffer, at: number, lead: number): boolean {
  const second = bytes[at + 1] ?? 0;
  if (lead < 0xc2) return false;
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second < 0xa0;
  if (lead === 0xef) return second !== 0xbf || (bytes[at + 2] ?? 0) < 0xbe;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second < 0x90;
  return lead < 0xf4;
}

/** Replaces everything that is not allowed; the result is valid UTF-8, not yet normalised. */
function repair(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length * replacement.length);
  let to = 0;
  const replace = () => {
    out[to] = replacement[0];
    out[to + 1] = replacement[1];
    out[to + 2] = replacement[2];
    to += 3;
  };
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      if (lead >= 0x20 || lead === 9 || lead === 10 || lead === 13) {
        out[to] = lead;
        to += 1;
      } else {
        replace();
      }
      at += 1;
      continue;
    }
    const following = announced(lead);
    let present = 0;
    while (present < following && ((bytes[at + 1 + present] ?? 0) & 0xc0) === 0x80) present += 1;
    const size = 1 + present;
    if (following > 0 && present === following && isAllowed(bytes, at, lead)) {
      bytes.copy(out, to, at, at + size);
      to += size;
    } else {
      replace();
    }
    at += size;
  }
  return out.subarray(0, to);
}
