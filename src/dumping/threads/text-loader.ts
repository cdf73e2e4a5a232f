import type { PageRenderer } from '../../export/writer/page-renderer.ts';
import { walkChunk } from '../../mediawiki/record/chunk-codec.ts';
import type { RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { PageRecord, RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import type { TextOutcome, TextRequest, TextSource } from '../../mediawiki/text/text-source.ts';

/** The texts of one chunk, handed out in the order in which its slots come. */
export class ChunkTexts {
  readonly #outcomes: readonly TextOutcome[];
  readonly #source: TextSource | null;
  #next = 0;

  constructor(outcomes: readonly TextOutcome[], source: TextSource | null) {
    this.#outcomes = outcomes;
    this.#source = source;
  }

  next(): TextOutcome {
    const outcome = this.#outcomes[this.#next++];
    if (outcome === undefined) throw new RangeError('more texts are wanted than were asked for');
    return outcome;
  }

  /** All have been used: their memory is for the next ones. */
  release(): void {
    this.#source?.release?.(this.#outcomes);
  }
}

/** Which slots' texts a chunk needs: decided in one place, for asking and for handing out. */
export type WantsText = PageRenderer['wantsText'];

/**
 * Asks for all texts of a chunk. A text source answers one request after the other, so calls are queued; the answer
 * to the next chunk comes in while this one is rendered.
 */
export class TextLoader {
  readonly #open: () => Promise<TextSource>;
  #source: Promise<TextSource> | null = null;
  readonly #wantsText: WantsText;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param open called when the first text is wanted: stubs nearly never want one */
  constructor(open: () => Promise<TextSource>, wantsText: WantsText) {
    this.#open = open;
    this.#wantsText = wantsText;
  }

  load(chunk: RecordChunk, signal?: AbortSignal): Promise<ChunkTexts> {
    const requests: TextRequest[] = [];
    for (const part of chunk.parts) {
      for (const revision of part.revisions) this.#ask(part.page, revision, requests);
    }
    return this.#queued(requests, signal);
  }

  /** The same for a chunk as chunk-codec.ts encodes it. */
  loadEncoded(chunk: Uint8Array): Promise<ChunkTexts> {
    const requests: TextRequest[] = [];
    walkChunk(chunk, {
      begin: () => undefined,
      revision: (page, revision) => this.#ask(page, revision, requests),
      end: () => undefined,
    });
    return this.#queued(requests);
  }

  #ask(page: PageRecord, revision: RevisionRecord, requests: TextRequest[]): void {
    for (const slot of revision.slots) {
      if (!this.#wantsText(page, revision, slot)) continue;
      const { role, address, sizeBytes, sha1 } = slot;
      requests.push({ revisionId: revision.id, role, address, sizeBytes, sha1 });
    }
  }

  #queued(requests: readonly TextRequest[], signal?: AbortSignal): Promise<ChunkTexts> {
    const answer = this.#queue.then(() => this.#fetch(requests, signal));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #fetch(requests: readonly TextRequest[], signal?: AbortSignal): Promise<ChunkTexts> {
    if (requests.length === 0) return new ChunkTexts([], null);
    this.#source ??= this.#open();
    const source = await this.#source;
    return new ChunkTexts(await source.fetch(requests, signal), source);
  }
}
