import { OutputBuffer } from '../../export/kernel/output-buffer.ts';
import { loadText } from '../../export/writer/slot-text.ts';
import type { RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import type { TextSource } from '../../mediawiki/text/text-source.ts';

/**
 * Completes rows whose content_sha1 was never filled in, from the texts: the writer prints the hash that it measures,
 * and a ledger must say the same. Such rows are of old or damaged wikis; of others nothing is read.
 */
export class MissingHashes {
  readonly #open: () => Promise<TextSource>;
  #source: Promise<TextSource> | null = null;
  readonly #out = new OutputBuffer();

  constructor(open: () => Promise<TextSource>) {
    this.#open = open;
  }

  async fill(chunk: RecordChunk, signal: AbortSignal): Promise<RecordChunk> {
    const lacking = chunk.parts.flatMap((part) => part.revisions.filter(lacksHash));
    if (lacking.length === 0) return chunk;
    const requests = lacking.flatMap((revision) =>
      revision.slots.filter((slot) => slot.sha1 === '').map((slot) => ({ revisionId: revision.id, ...slot })),
    );
    this.#source ??= this.#open();
    const source = await this.#source;
    const outcomes = await source.fetch(requests, signal);
    const hashes = new Map<string, string>();
    for (const [index, request] of requests.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      this.#out.reset();
      const text = loadText(this.#out, outcome, request.sizeBytes);
      if (text.kind === 'loaded') hashes.set(`${request.revisionId} ${request.role}`, text.sha1);
    }
    source.release?.(outcomes);
    const parts = chunk.parts.map((part) => ({
      ...part,
      revisions: part.revisions.map((revision) =>
        lacksHash(revision) ? completed(revision, hashes) : revision,
      ),
    }));
    return { ...chunk, parts };
  }
}

const lacksHash = (revision: RevisionRecord): boolean => revision.slots.some((slot) => slot.sha1 === '');

function completed(revision: RevisionRecord, hashes: ReadonlyMap<string, string>): RevisionRecord {
  const slots = revision.slots.map((slot) =>
    slot.sha1 === '' ? { ...slot, sha1: hashes.get(`${revision.id} ${slot.role}`) ?? '' } : slot,
  );
  return { ...revision, slots };
}
