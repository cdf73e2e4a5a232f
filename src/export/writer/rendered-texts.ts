import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import type { OutputBuffer } from '../kernel/output-buffer.ts';
import type { LoadedText } from './slot-text.ts';

interface Entry {
  /** As they came from the database. Valid as long as the output is: its texts are released after it is complete. */
  readonly bytes: Uint8Array;
  readonly isDeflated: boolean;
  readonly text: LoadedText;
}

/**
 * The texts that stand in the output already. A revert, a move or a protection has the text of an earlier revision (in
 * wikis, one revision in ten): if its stored bytes are the same, what was written for the first can be written again,
 * with neither inflating nor hashing nor escaping. The stored hash only says where to look; the bytes decide.
 */
export class RenderedTexts {
  readonly #out: OutputBuffer;
  #epoch = -1;
  readonly #bySha1 = new Map<string, Entry>();

  constructor(out: OutputBuffer) {
    this.#out = out;
  }

  /** @param sha1 as stored; empty where it is not known: then nothing is found */
  find(sha1: string, outcome: TextOutcome): LoadedText | null {
    if (this.#epoch !== this.#out.epoch) return null;
    const entry = this.#bySha1.get(sha1);
    if (entry === undefined || (outcome.kind !== 'text' && outcome.kind !== 'deflated')) return null;
    if (entry.isDeflated !== (outcome.kind === 'deflated')) return null;
    return entry.bytes === outcome.bytes || Buffer.compare(entry.bytes, outcome.bytes) === 0
      ? entry.text
      : null;
  }

  /** Keeps that the text's escaped form is what was appended since `from`. */
  add(sha1: string, outcome: TextOutcome, { sizeBytes, sha1: found }: LoadedText, from: number): void {
    if (sha1 === '' || (outcome.kind !== 'text' && outcome.kind !== 'deflated')) return;
    if (this.#epoch !== this.#out.epoch) {
      this.#bySha1.clear();
      this.#epoch = this.#out.epoch;
    }
    const text: LoadedText = {
      kind: 'loaded',
      again: { from, to: this.#out.length },
      sizeBytes,
      sha1: found,
    };
    this.#bySha1.set(sha1, { bytes: outcome.bytes, isDeflated: outcome.kind === 'deflated', text });
  }
}
