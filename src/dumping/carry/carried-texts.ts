import { FreeMemory } from '../../core/free-memory.ts';
import type { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import { readZstFrame } from '../../export/containers/zst/frame.ts';
import type { RevisionRecord, SlotRecord } from '../../mediawiki/record/revision-record.ts';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import type { CarriedLine } from './bundle-index.ts';
import type { PreviousLane } from './previous-lane.ts';

interface OpenBundle {
  readonly line: CarriedLine;
  readonly raw: Buffer;
  /** What it lies in, if that was given for it. */
  readonly memory: Buffer | null;
  /** Where the revisions' bytes are. */
  readonly revisions: ReadonlyMap<number, readonly [from: number, to: number]>;
  /** Chunks that use texts of it. */
  users: number;
}

/** For the bundles of all pieces that a thread makes. */
const memoryOfBundles = new FreeMemory(3, 32 << 20);

const revisionStart = Buffer.from('    <revision>\n      <id>');
const revisionEnd = Buffer.from('    </revision>\n');

/**
 * Texts from bundles of the date before, escaped as they were written there. A text is given only if the element that
 * holds it states the same SHA-1 and size as the wiki does today, in the same revision and role.
 * Memory: one decompressed bundle, those whose texts are still in use, and the memory of three more.
 */
export class CarriedTexts implements Disposable {
  readonly #lane: PreviousLane;
  readonly #due: ReadonlySet<CarriedLine>;
  readonly #bunzip: () => Bz2SegmentReader;
  #open: OpenBundle | null = null;
  /** Of the chunk whose texts are asked for. */
  #used = new Set<OpenBundle>();
  #without: { readonly line: CarriedLine; readonly ids: ReadonlySet<number> } | null = null;

  /** @param due bundles that give nothing this time: what is in them is to be read from the database */
  constructor(lane: PreviousLane, due: ReadonlySet<CarriedLine>, bunzip: () => Bz2SegmentReader) {
    this.#lane = lane;
    this.#due = due;
    this.#bunzip = bunzip;
  }

  /** Nothing is asked any more, and what was given is used no more. */
  [Symbol.dispose](): void {
    const last = this.#open;
    this.#open = null;
    if (last !== null) this.#keepMemory(last);
  }

  /** Texts that are given from here on are used until what it returns is called. */
  begin(): () => void {
    const used = new Set<OpenBundle>();
    this.#used = used;
    return () => {
      for (const bundle of used) {
        bundle.users -= 1;
        this.#keepMemory(bundle);
      }
      used.clear();
    };
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
    if (bytes !== null && !this.#used.has(bundle)) {
      this.#used.add(bundle);
      bundle.users += 1;
    }
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
    const before = this.#open;
    this.#open = null;
    if (before !== null) this.#keepMemory(before);
    const memory = memoryOfBundles.take(line.raw);
    const raw = await this.#decompress(bytes, line, memory, signal);
    const isInside = raw.buffer === memory.buffer;
    this.#open = { line, raw, memory: isInside ? memory : null, revisions: findRevisions(raw), users: 0 };
    return this.#open;
  }

  /** When nobody can see it any more. */
  #keepMemory(bundle: OpenBundle): void {
    const { memory, users } = bundle;
    if (memory === null || users > 0 || bundle === this.#open) return;
    memoryOfBundles.keep(memory);
  }

  async #decompress(bytes: Buffer, line: CarriedLine, memory: Buffer, signal: AbortSignal): Promise<Buffer> {
    const { format, paths } = this.#lane.source;
    if (format === 'zst') return readZstFrame(bytes, line.raw, () => memory);
    return await this.#bunzip().decompress(paths[line.part] ?? '', bytes, memory, signal);
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
