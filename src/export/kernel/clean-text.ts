import { isUtf8 } from 'node:buffer';
import { cleanBytes } from './clean.ts';
import { type EscapeMode, seen } from './escape-tables.ts';
import type { OutputBuffer } from './output-buffer.ts';

/**
 * Appends a raw text, the first `bytes` bytes of the output's reserved region, escaped and cleaned. It is escaped at
 * once; only if what was seen on the way says that cleaning might change it, is it looked at again.
 */
export function appendReservedText(out: OutputBuffer, bytes: number, mode: EscapeMode): void {
  const before = out.length;
  const facts = out.appendReserved(bytes, mode);
  if ((facts & (seen.control | seen.nonAscii)) === 0) return;
  const raw = out.region(bytes);
  // The text pass drops carriage returns before it cleans: what they kept apart may then combine.
  const dropsReturns = mode === 'text-pass' && (facts & seen.carriageReturn) !== 0;
  if ((facts & seen.control) === 0 && isUtf8(raw)) {
    if ((facts & seen.high) === 0 || !(dropsReturns || out.isRegionDoubtful(bytes))) return;
  }
  const text = dropsReturns ? withoutReturns(raw) : raw;
  const cleaned = cleanBytes(text, facts);
  if (cleaned === null) return;
  out.truncate(before);
  out.appendEscaped(cleaned, mode);
}

function withoutReturns(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let to = 0;
  for (let from = 0; from < bytes.length; ) {
    const next = bytes.indexOf(13, from);
    const end = next === -1 ? bytes.length : next;
    to += bytes.copy(out, to, from, end);
    from = end + 1;
  }
  return out.subarray(0, to);
}
