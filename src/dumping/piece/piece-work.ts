import type { PagePart, RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { PageRecord, RevisionRecord, SlotRecord } from '../../mediawiki/record/revision-record.ts';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import { type ComparedChunk, type CopiedChunk, countChunk, type PieceCarry } from '../carry/piece-carry.ts';
import { isInside, type PositionRange, tailRevision } from '../carry/position.ts';
import { headDigest, revisionDigest, type UnitDigest } from '../carry/unit-digest.ts';
import type { FailedRevision } from '../threads/failed-revision.ts';
import { type ChunkTexts, TextLoader } from '../threads/text-loader.ts';
import type { Lane, RevisionUnit } from './lane.ts';
import { headBytes, isRendered, type LaneGroup, laneGroup, latestLanes } from './lane-group.ts';
import { NeededTexts } from './needed-texts.ts';
import type { PieceBuilderOptions } from './piece-builder-options.ts';
import { laneFilters } from './piece-spec.ts';
import type { SplitMeter } from './split-meter.ts';
import { walkPart } from './walk-part.ts';
import { WrittenRevision } from './written-revision.ts';

const pageTail = Buffer.from('  </page>\n');
const noRecords: RecordChunk = { parts: [], revisionCount: 0, contentBytes: 0 };

export interface PieceParts {
  readonly lanes: readonly Lane[];
  readonly meters: readonly SplitMeter[];
  readonly carry: PieceCarry;
  readonly range: PositionRange;
}

/** A chunk that is to be written. */
export interface ChunkOfPiece {
  /** Null where nothing is to be written but copies. */
  readonly chunk: RecordChunk | null;
  /** Not null where all lanes with texts copy all of it. */
  readonly copied: CopiedChunk | null;
}

/** The texts of a chunk, wherever they come from. */
export interface LoadedChunk {
  readonly texts: ChunkTexts;
  /** Those of the date before, by slot. */
  readonly carried: ReadonlyMap<SlotRecord, TextOutcome>;
  /** Slots whose text is asked of the database, in the order of `texts`. */
  readonly asked: ReadonlySet<SlotRecord>;
  release(): void;
}

/** Loads and renders the chunks of a piece, in order. */
export class PieceWork {
  readonly failed: FailedRevision[] = [];
  readonly totals = { pages: 0, revisions: 0, rawBytes: 0 };
  readonly #options: PieceBuilderOptions;
  readonly #parts: PieceParts;
  readonly #groups: readonly LaneGroup<Lane>[];
  readonly #needed: NeededTexts;
  readonly #loader: TextLoader;
  #asked: ReadonlySet<SlotRecord> = new Set();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: PieceBuilderOptions, parts: PieceParts) {
    this.#options = options;
    this.#parts = parts;
    const lanes = parts.lanes.map((lane) => ({ spec: lane.spec, lane }));
    // Texts first: they find all that stubs find, and more.
    this.#groups = (['full', 'stub'] as const).flatMap(
      (texts) => laneGroup(texts, options.writer, lanes) ?? [],
    );
    this.#needed = new NeededTexts(options.writer, parts);
    this.#loader = new TextLoader(
      () => options.openTexts(),
      (_page, _revision, slot) => this.#asked.has(slot),
    );
  }

  /** Chunks are loaded one after the other: what they need of the date before is read in order. */
  load(chunk: ChunkOfPiece, signal: AbortSignal): Promise<LoadedChunk> {
    const loaded = this.#queue.then(() => this.#load(chunk, signal));
    this.#queue = loaded.catch(() => undefined);
    return loaded;
  }

  render({ chunk, copied }: ChunkOfPiece, loaded: LoadedChunk): void {
    const { meters, range } = this.#parts;
    const rawBefore = this.totals.rawBytes;
    const revisionsBefore = this.totals.revisions;
    if (copied !== null) this.#passCopies(copied);
    const groups = this.#groups.filter(({ writer }) => copied === null || writer.texts !== 'full');
    for (const part of chunk?.parts ?? []) {
      const wanted = part.revisions.map((revision) =>
        revision.slots.map((slot) =>
          loaded.asked.has(slot) ? loaded.texts.next() : (loaded.carried.get(slot) ?? null),
        ),
      );
      if (!isTouched(part, range)) continue;
      // Where the piece ends within the page, so does what the meters see of it.
      const isLast = part.isLast && isInside(range, part.page.id, tailRevision);
      const seen = isLast === part.isLast ? part : { ...part, isLast };
      for (const meter of meters) meter.before(seen);
      for (const group of groups) this.#renderPart(group, part, wanted);
      for (const meter of meters) meter.after(seen);
    }
    this.#count(copied ?? countChunk(chunk ?? noRecords, range));
    this.#options.onProgress(this.totals.revisions - revisionsBefore, this.totals.rawBytes - rawBefore);
  }

  async #load({ chunk, copied }: ChunkOfPiece, signal: AbortSignal): Promise<LoadedChunk> {
    const { carry } = this.#parts;
    const carried = new Map<SlotRecord, TextOutcome>();
    const asked = new Set<SlotRecord>();
    const releaseCarried = carry.texts?.begin();
    for (const { page, revision, slot } of this.#needed.of(chunk, copied)) {
      const text = (await carry.texts?.text(page.id, revision, slot, signal)) ?? null;
      if (text === null) asked.add(slot);
      else carried.set(slot, text);
      carry.count(text === null ? 'read' : 'carried', slot.sizeBytes);
    }
    this.#asked = asked;
    const texts = await this.#loader.load(chunk ?? noRecords, signal);
    const release = () => {
      texts.release();
      releaseCarried?.();
    };
    return { texts, carried, asked, release };
  }

  #passCopies(copied: CopiedChunk): void {
    for (const lane of this.#parts.lanes) {
      if (laneFilters[lane.spec.output].texts === 'full') lane.passUnits(copied.unitsOf(lane.spec));
    }
  }

  #count({ pages, revisions }: ComparedChunk): void {
    this.totals.pages += pages;
    this.totals.revisions += revisions;
  }

  #renderPart(
    group: LaneGroup<Lane>,
    part: PagePart,
    wanted: readonly (readonly (TextOutcome | null)[])[],
  ): void {
    const { page } = part;
    // Lanes with latest revisions begin a page when a revision of it is in the buffer already; others at its start.
    let head = group.latest.length + group.articles.length > 0 ? this.#head(group, page) : null;
    const begin = (lane: Lane) => {
      if (!lane.wantsUnit()) return;
      head ??= this.#head(group, page);
      lane.beginPage(page.id, head.bytes, head.digest);
    };
    const end = (lane: Lane) => {
      if (lane.wantsUnit()) lane.endPage(page.id, pageTail);
    };
    walkPart(part, group.writer, this.#parts.range, {
      head: () => group.all.forEach(begin),
      continued: () => {
        for (const lane of group.all) lane.continuePage(page.id);
      },
      revision: (revision, index) => {
        const isLatest = revision.id === page.latestRevisionId;
        const latest = isLatest ? latestLanes(group, page) : [];
        const written = new WrittenRevision(() => this.#write(group, page, revision, wanted[index] ?? []));
        for (const lane of group.all) if (lane.wantsUnit()) lane.revision(written.bytes, written.unit);
        for (const lane of latest) {
          begin(lane);
          if (lane.wantsUnit()) lane.revision(written.bytes, written.unit);
          end(lane);
        }
      },
      dropped: (revision, index) => {
        if (isRendered(group, page, revision)) this.#write(group, page, revision, wanted[index] ?? []);
      },
      tail: () => group.all.forEach(end),
    });
  }

  #head(group: LaneGroup<Lane>, page: PageRecord): { readonly bytes: Buffer; readonly digest: UnitDigest } {
    const bytes = headBytes(group, page);
    return { bytes, digest: group.writer.texts === 'full' ? headDigest(bytes) : null };
  }

  #write(
    group: LaneGroup<Lane>,
    page: PageRecord,
    revision: RevisionRecord,
    texts: readonly (TextOutcome | null)[],
  ): { readonly bytes: Buffer; readonly unit: RevisionUnit } {
    group.buffer.reset();
    const findings = group.renderer.revision(page, revision, texts);
    if (this.#reporter(page, revision) === group) {
      for (const finding of findings) this.failed.push({ page: page.id, revision: revision.id, ...finding });
    }
    const bytes = group.buffer.bytes();
    this.totals.rawBytes += bytes.length;
    const isCarriable = group.writer.texts === 'full' && findings.length === 0;
    const digest = isCarriable ? revisionDigest(page, revision, group.writer) : null;
    return { bytes, unit: { page: page.id, revision: revision.id, digest } };
  }

  /** Of several groups that render a revision, the one whose findings are kept. */
  #reporter(page: PageRecord, revision: RevisionRecord): LaneGroup<Lane> | undefined {
    return this.#groups.find((group) => isRendered(group, page, revision));
  }
}

/** Whether the piece writes anything of the part. */
function isTouched(part: PagePart, range: PositionRange): boolean {
  const { id } = part.page;
  if (part.isFirst && isInside(range, id, 0)) return true;
  if (part.isLast && isInside(range, id, tailRevision)) return true;
  return part.revisions.some((revision) => isInside(range, id, revision.id));
}
