import type { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import { readZstFrame } from '../../export/containers/zst/frame.ts';
import type { RevisionRecord, SlotRecord } from '../../mediawiki/record/revision-record.ts';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import type { CarriedLine } from './bundle-index.ts';
import type { PreviousLane } from './previous-lane.ts';

interface OpenBundle {
  readonly line: CarriedLine;
  readonly raw: Buffer;
  /** Where the revisions' bytes are. */
  readonly revisions: ReadonlyMap<number, readonly [from: number, to: number]>;
}

const revisionStart = Buffer.from('    <revision>\n      <id>');
const revisionEnd = Buffer.from('    </revision>\n');

/**
 * Texts from bundles of the date before, escaped as they were written there. A text is given only if the element that
 * holds it states the same SHA-1 and size as the wiki does today, in the same revision and role.
 * Memory: one decompressed bundle, and those whose texts are still in use.
 */
export class CarriedTexts {
  readonly #lane: PreviousLane;
  readonly #due: ReadonlySet<CarriedLine>;
  readonly #bunzip: () => Bz2SegmentReader;
  #open: OpenBundle | null = null;
  #without: { readonly line: CarriedLine; readonly ids: ReadonlySet<number> } | null = null;

  /** @param due bundles that give nothing this time: what is in them is to be read from the database */
  constructor(lane: PreviousLane, due: ReadonlySet<CarriedLine>, bunzip: () => Bz2SegmentReader) {
    this.#lane = lane;
    this.#due = due;
    this.#bunzip = bunzip;
  }

  /** Null where the text must be asked of the database. */
  async text(
    page: number,
    revision: RevisionRecord,
    slot: SlotRecord,
    signal: AbortSignal,
  ): Promise<TextOutcome | null> {
    if (slot.sha1 === '' || slot.sizeBytes === 0) return null;
    const line = this.#lane.around([page, revision.id]);
    if (
      line === undefined ||
      page > line.lastPage ||
      this.#due.has(line) ||
      this.#isWithout(line, revision.id)
    )
      return null;
    const bundle = await this.#bundle(line, signal);
    const range = bundle?.revisions.get(revision.id);
    if (bundle === null || range === undefined) return null;
    const bytes = textOf(bundle.raw.subarray(...range), slot);
    return bytes && { kind: 'escaped', bytes, sizeBytes: slot.sizeBytes, sha1: slot.sha1 };
  }

  #isWithout(line: CarriedLine, revision: number): boolean {
    if (line.units?.without === undefined) return false;
    if (this.#without?.line !== line) this.#without = { line, ids: new Set(line.units.without) };
    return this.#without.ids.has(revision);
  }

  async #bundle(line: CarriedLine, signal: AbortSignal): Promise<OpenBundle | null> {
    if (this.#open?.line === line) return this.#open;
    const bytes = this.#lane.read(line);
    if (bytes === null) return null;
    const raw = await this.#decompress(bytes, line, signal);
    this.#open = { line, raw, revisions: findRevisions(raw) };
    return this.#open;
  }

  async #decompress(bytes: Buffer, line: CarriedLine, signal: AbortSignal): Promise<Buffer> {
    const { format, paths } = this.#lane.source;
    if (format === 'zst') return readZstFrame(bytes, line.raw);
    return await this.#bunzip().decompress(paths[line.part] ?? '', bytes, line.raw, signal);
  }
}

/** Texts are escaped, so what looks like a tag is one. */
function findRevisions(raw: Buffer): Map<number, readonly [number, number]> {
  const found = new Map<number, readonly [number, number]>();
  for (let at = raw.indexOf(revisionStart); at >= 0; ) {
    const idAt = at + revisionStart.length;
    const end = raw.indexOf(revisionEnd, idAt);
    if (end < 0) break;
    found.set(Number.parseInt(raw.toString('latin1', idAt, idAt + 20), 10), [at, end]);
    at = raw.indexOf(revisionStart, end);
  }
  return found;
}

/** The escaped text of a slot in a revision's bytes; null where the element is not exactly that of such a text. */
function textOf(revision: Buffer, slot: SlotRecord): Buffer | null {
  const from =
    slot.role === 'main' ? 0 : revision.indexOf(`        <role>${slot.role}</role>\n`, 0, 'latin1');
  if (from < 0) return null;
  const tag = revision.indexOf('<text ', from, 'latin1');
  const tagEnd = revision.indexOf('>', tag, 'latin1');
  if (tag < 0 || tagEnd < 0) return null;
  const expected = `<text bytes="${slot.sizeBytes}" sha1="${slot.sha1}" xml:space="preserve"`;
  if (revision.toString('latin1', tag, tagEnd) !== expected) return null;
  const end = revision.indexOf('</text>', tagEnd, 'latin1');
  return end < 0 ? null : revision.subarray(tagEnd + 1, end);
}
