import { hash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import type { OutputBuffer } from '../kernel/output-buffer.ts';
import type { TextOutcome } from './text-outcome.ts';

/** A text that stands raw in the output's reserved region. */
export interface LoadedText {
  readonly kind: 'loaded';
  readonly sizeBytes: number;
  /** Of the text as read, base 36. */
  readonly sha1: string;
}

export interface FailedText {
  readonly kind: 'failed';
  readonly code: string;
  readonly detail: string;
}

/** Puts a text into the reserved region and hashes it. */
export function loadText(out: OutputBuffer, outcome: TextOutcome): LoadedText | FailedText {
  switch (outcome.kind) {
    case 'failed':
      return outcome;
    case 'text':
      return place(out, outcome.bytes);
    case 'deflated':
      try {
        return place(out, inflateRawSync(outcome.bytes));
      } catch (error) {
        return {
          kind: 'failed',
          code: 'inflate-failed',
          detail: error instanceof Error ? error.message : String(error),
        };
      }
  }
}

function place(out: OutputBuffer, bytes: Uint8Array): LoadedText {
  out.reserve(bytes.length);
  out.memory.set(bytes, out.regionOffset);
  return { kind: 'loaded', sizeBytes: bytes.length, sha1: sha1Base36(bytes) };
}

export function sha1Base36(bytes: Uint8Array | string): string {
  return BigInt(`0x${hash('sha1', bytes, 'hex')}`)
    .toString(36)
    .padStart(31, '0');
}
