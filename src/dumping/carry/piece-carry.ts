import { RotaError } from '../../core/errors/rota-error.ts';
import type { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import type { PagePart, RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import { bundleLimit } from '../piece/bundle-limit.ts';
import type { LaneCopies } from '../piece/lane.ts';
import { headBytes, type LaneGroup, laneGroup, latestLanes } from '../piece/lane-group.ts';
import {
  type CarryReport,
  type LaneSpec,
  laneFilters,
  type PieceSpec,
  type SplitSpec,
  splitGroupOf,
} from '../piece/piece-spec.ts';
import { walkPart } from '../piece/walk-part.ts';
import type { CarriedLine } from './bundle-index.ts';
import { CarriedTexts } from './carried-texts.ts';
import { CopyCursor, CopyPlanner, type CopyRange, isAllCopied, type PlannedBundles } from './copy-planner.ts';
import { isInside, type PositionRange, tailRevision } from './position.ts';
import { PreviousLane } from './previous-lane.ts';
import { isDue } from './recheck.ts';
import { headDigest, revisionDigest, tailDigest, type UnitDigest } from './unit-digest.ts';

export interface PieceCarryOptions {
  readonly writer: WriterOptions;
  /** Reads bz2 bundles of the date before; asked for when there is one to read. */
  bunzip(): Bz2SegmentReader;
}

interface CarriedLane {
  readonly spec: LaneSpec;
  readonly previous: PreviousLane;
  readonly planner: CopyPlanner;
  readonly due: Set<CarriedLine>;
  /** Those of them that begin in the piece; the first of its lines may begin before it, and is counted there. */
  readonly rechecked: Set<CarriedLine>;
  /** How many units there were when a chunk ended, of each chunk that was compared. */
  readonly ends: number[];
  ranges: readonly CopyRange[] | null;
}

/** What has been counted of a chunk when it was compared. */
export interface ComparedChunk {
  readonly pages: number;
  readonly revisions: number;
}

/** A chunk of which every lane with texts copies everything: it need not be walked for them. */
export interface CopiedChunk extends ComparedChunk {
  /** How many units of the lane it has. */
  unitsOf(spec: LaneSpec): number;
}

/** Bundles smaller than this share of what they may hold are not kept beside something that is made anew. */
const smallShare = 1 / 4;

/**
 * What one piece takes from the date before: first all its units are compared with the bundles of each lane, then
 * those that are the same are copied, and texts of the others looked up.
 */
export class PieceCarry implements Disposable {
  readonly #spec: PieceSpec;
  readonly #lanes: readonly CarriedLane[];
  readonly #group: LaneGroup<CarriedLane> | null;
  readonly #texts: CarriedTexts | null;
  /** Of the chunks that were compared; null where something must be looked at again. */
  readonly #chunks: (ComparedChunk | null)[] = [];
  #hasDropped = false;
  readonly #counts = { carriedTexts: 0, carriedTextBytes: 0, readTexts: 0, readTextBytes: 0 };

  constructor(spec: PieceSpec, options: PieceCarryOptions) {
    this.#spec = spec;
    this.#lanes = spec.carry.map((source) => {
      const previous = new PreviousLane(source);
      const due = new Set<CarriedLine>();
      if (source.givesTexts) {
        for (const line of previous.lines) {
          if (isDue(line.units?.digest ?? null, source.turn, source.recheck)) due.add(line);
        }
      }
      const rechecked = new Set<CarriedLine>();
      const planner = new CopyPlanner(usable(previous, { due, rechecked }, spec.splits));
      return { spec: source, previous, planner, due, rechecked, ends: [], ranges: null };
    });
    const lanes = this.#lanes.map((lane) => ({ spec: lane.spec, lane }));
    this.#group = laneGroup('full', options.writer, lanes);
    const giver = this.#lanes.find(({ previous }) => previous.source.givesTexts);
    this.#texts = giver ? new CarriedTexts(giver.previous, giver.due, () => options.bunzip()) : null;
  }

  get hasBundles(): boolean {
    return this.#lanes.some(({ previous }) => previous.lines.length > 0);
  }

  /** Told all chunks of the piece, in order, before anything is written. */
  compare(chunk: RecordChunk): void {
    this.#hasDropped = false;
    for (const part of chunk.parts) this.#comparePart(part);
    // A revision that is in no output is told of when it is rendered.
    this.#chunks.push(this.#hasDropped ? null : countChunk(chunk, this.#spec.range));
    for (const lane of this.#lanes) lane.ends.push(lane.planner.unitCount);
  }

  /** @param index among the chunks that were compared */
  copiedChunk(index: number): CopiedChunk | null {
    const counts = this.#chunks[index] ?? null;
    // Where files may be cut depends on each page.
    if (counts === null || this.#spec.splits.length > 0) return null;
    const spanOf = (lane: CarriedLane) => [lane.ends[index - 1] ?? 0, lane.ends[index] ?? 0] as const;
    for (const spec of this.#spec.lanes) {
      if (laneFilters[spec.output].texts === 'stub') continue;
      const lane = this.#lane(spec);
      if (lane === undefined || !isAllCopied(this.#rangesOf(lane), ...spanOf(lane))) return null;
    }
    return {
      ...counts,
      unitsOf: (spec) => {
        const lane = this.#lane(spec);
        if (lane === undefined) return 0;
        const [from, to] = spanOf(lane);
        return to - from;
      },
    };
  }

  copiesOf(spec: LaneSpec): LaneCopies {
    const lane = this.#lane(spec);
    if (lane === undefined) return { ranges: [], read: unread };
    const { previous } = lane;
    return {
      ranges: this.#rangesOf(lane),
      read: ({ line }) => {
        const bytes = previous.read(line);
        if (bytes === null) throw changedUnderfoot(previous.source.paths[line.part] ?? '');
        return bytes;
      },
    };
  }

  /** Goes along the units of a lane once more, to know ahead which texts are needed. */
  cursorOf(spec: LaneSpec): CopyCursor {
    const lane = this.#lane(spec);
    return new CopyCursor(lane === undefined ? [] : this.#rangesOf(lane));
  }

  /** Texts from the date before; null where there are none. */
  get texts(): CarriedTexts | null {
    return this.#texts;
  }

  count(text: 'carried' | 'read', sizeBytes: number): void {
    if (text === 'carried') {
      this.#counts.carriedTexts += 1;
      this.#counts.carriedTextBytes += sizeBytes;
    } else {
      this.#counts.readTexts += 1;
      this.#counts.readTextBytes += sizeBytes;
    }
  }

  get report(): CarryReport {
    const copies = this.#lanes.flatMap((lane) => [...this.#rangesOf(lane)]);
    return {
      copiedBundles: copies.length,
      copiedRawBytes: copies.reduce((sum, { line }) => sum + line.raw, 0),
      recheckedBundles: this.#lanes.reduce((sum, lane) => sum + lane.rechecked.size, 0),
      ...this.#counts,
      refused: this.#lanes.flatMap(({ previous }) => previous.refused),
    };
  }

  [Symbol.dispose](): void {
    this.#texts?.[Symbol.dispose]();
    for (const { previous } of this.#lanes) previous[Symbol.dispose]();
  }

  #lane(spec: LaneSpec): CarriedLane | undefined {
    return this.#lanes.find((lane) => lane.spec.output === spec.output && lane.spec.format === spec.format);
  }

  /** Only what can still be read and is as it was written. */
  #rangesOf(lane: CarriedLane): readonly CopyRange[] {
    lane.ranges ??= lane.planner
      .finish(bundleLimit(lane.spec, this.#spec.bundle) * smallShare)
      .filter(({ line }) => lane.previous.read(line) !== null);
    return lane.ranges;
  }

  #comparePart(part: PagePart): void {
    const group = this.#group;
    if (group === null) return;
    const { page } = part;
    const head = headDigest(headBytes(group, page));
    const tell = (lanes: readonly CarriedLane[], revision: number, digest: UnitDigest) => {
      for (const { planner } of lanes) planner.unit(page.id, revision, digest);
    };
    walkPart(part, group.writer, this.#spec.range, {
      head: () => tell(group.all, 0, head),
      continued: () => undefined,
      revision: (revision: RevisionRecord) => {
        const digest = revisionDigest(page, revision, group.writer);
        tell(group.all, revision.id, digest);
        if (revision.id !== page.latestRevisionId) return;
        const latest = latestLanes(group, page);
        tell(latest, 0, head);
        tell(latest, revision.id, digest);
        tell(latest, tailRevision, tailDigest);
      },
      dropped: () => {
        this.#hasDropped = true;
      },
      tail: () => tell(group.all, tailRevision, tailDigest),
    });
  }
}

/** What a piece counts of a chunk: pages that begin in its range, and revisions in it. */
export function countChunk(chunk: RecordChunk, range: PositionRange): ComparedChunk {
  let pages = 0;
  let revisions = 0;
  for (const { page, isFirst, revisions: all } of chunk.parts) {
    if (isFirst && isInside(range, page.id, 0)) pages += 1;
    for (const { id } of all) if (isInside(range, page.id, id)) revisions += 1;
  }
  return { pages, revisions };
}

/** Not those that it is their turn to check, and none that lies across a place where the files are cut. */
function usable(
  previous: PreviousLane,
  { due, rechecked }: Pick<CarriedLane, 'due' | 'rechecked'>,
  splits: readonly SplitSpec[],
): PlannedBundles {
  const cuts = splits.find(({ group }) => group === splitGroupOf(previous.source.output))?.cuts ?? [];
  return {
    startingAt: (page, revision) => {
      const line = previous.startingAt(page, revision);
      if (line === undefined) return undefined;
      const isCut = cuts.some((cut) => line.firstPage <= cut && line.lastPage > cut);
      // Told with nothing to compare: it still says that the bundle before it has ended.
      const isRechecked = due.has(line);
      if (isRechecked) rechecked.add(line);
      return isRechecked || isCut ? withoutDigest(line) : line;
    },
  };
}

function withoutDigest(line: CarriedLine): CarriedLine {
  return line.units ? { ...line, units: { ...line.units, digest: null } } : line;
}

function unread(): never {
  throw new RangeError('nothing is copied in this lane');
}

/** Between the two readings the file changed under the dump: the piece is tried again, and then does without. */
function changedUnderfoot(path: string): RotaError {
  return new RotaError(
    'PREVIOUS_DUMP_CHANGED',
    `${path} changed while its bundles were copied; the piece is made again`,
    { facts: { path } },
  );
}
