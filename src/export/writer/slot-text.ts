import { inflateBroken, inflateNeedsRoom, inflateRawInto } from '../../mediawiki/text/inflate.ts';
import { sha1Base36 } from '../../mediawiki/text/sha1.ts';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import type { OutputBuffer } from '../kernel/output-buffer.ts';

/** A text that stands raw in the output's reserved region, or one that is escaped already: elsewhere, or in the output. */
export interface LoadedText {
  readonly kind: 'loaded';
  readonly escaped?: Uint8Array;
  readonly again?: { readonly from: number; readonly to: number };
  readonly sizeBytes: number;
  /** Of the text as read, base 36. */
  readonly sha1: string;
}

export type FailedText = Extract<TextOutcome, { kind: 'failed' }>;

/** Longer texts than this are taken for damage: far more than any wiki allows. */
const largestText = 512 * 1024 * 1024;

/** Room beyond what the row says: see {@link inflateRawInto}. */
const spareBytes = 512;

/** Puts a text into the reserved region and hashes it there. `expectedBytes` is what the slot's row says. */
export function loadText(
  out: OutputBuffer,
  outcome: TextOutcome,
  expectedBytes: number,
): LoadedText | FailedText {
  switch (outcome.kind) {
    case 'failed':
      return outcome;
    case 'text': {
      const { bytes } = outcome;
      const offset = out.reserve(bytes.length);
      out.memory.set(bytes, offset);
      return { kind: 'loaded', sizeBytes: bytes.length, sha1: sha1Base36(bytes) };
    }
    case 'deflated':
      return inflate(out, outcome.bytes, expectedBytes);
    case 'escaped': {
      const { bytes, sizeBytes, sha1 } = outcome;
      return { kind: 'loaded', escaped: bytes, sizeBytes, sha1 };
    }
  }
}

function inflate(out: OutputBuffer, deflated: Uint8Array, expectedBytes: number): LoadedText | FailedText {
  let room = Math.min(expectedBytes, largestText) + spareBytes;
  for (; ; room = Math.max(room * 4, deflated.length * 8)) {
    const offset = out.reserve(room);
    const written = inflateRawInto(deflated, out.memory, offset, room);
    if (written >= 0) {
      return { kind: 'loaded', sizeBytes: written, sha1: sha1Base36(out.region(written)) };
    }
    if (written === inflateBroken) {
      return { kind: 'failed', code: 'gzip-invalid', detail: 'The compressed text is damaged.' };
    }
    if (written === inflateNeedsRoom && room >= largestText) {
      return {
        kind: 'failed',
        code: 'gzip-invalid',
        detail: `The text is longer than ${largestText} bytes.`,
      };
    }
  }
}
