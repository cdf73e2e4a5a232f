import type { WriterOptions } from '../../export/writer/options.ts';
import { needsText } from '../../export/writer/visibility.ts';
import type { PagePart, RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { PageRecord, RevisionRecord, SlotRecord } from '../../mediawiki/record/revision-record.ts';
import type { CopyCursor } from '../carry/copy-planner.ts';
import type { CopiedChunk } from '../carry/piece-carry.ts';
import type { PositionRange } from '../carry/position.ts';
import { type LaneGroup, laneGroup, latestLanes } from './lane-group.ts';
import { type LaneSpec, laneFilters } from './piece-spec.ts';
import { walkPart } from './walk-part.ts';

export interface NeededText {
  readonly page: PageRecord;
  readonly revision: RevisionRecord;
  readonly slot: SlotRecord;
}

/** Tells ahead which texts writing a chunk will take: those of revisions that at least one lane does not copy. */
export class NeededTexts {
  readonly #groups: readonly LaneGroup<CopyCursor>[];
  readonly #cursors: readonly { readonly spec: LaneSpec; readonly lane: CopyCursor }[];
  readonly #range: PositionRange;

  constructor(
    writer: WriterOptions,
    parts: {
      readonly lanes: readonly { readonly spec: LaneSpec }[];
      readonly carry: { cursorOf(spec: LaneSpec): CopyCursor };
      readonly range: PositionRange;
    },
  ) {
    const lanes = parts.lanes.map(({ spec }) => ({ spec, lane: parts.carry.cursorOf(spec) }));
    this.#groups = (['full', 'stub'] as const).flatMap((texts) => laneGroup(texts, writer, lanes) ?? []);
    this.#cursors = lanes.filter(({ spec }) => laneFilters[spec.output].texts === 'full');
    this.#range = parts.range;
  }

  /**
   * Chunks must be given in order, each once.
   * @param chunk null where no lane has anything to write of it
   */
  of(chunk: RecordChunk | null, copied: CopiedChunk | null): readonly NeededText[] {
    const needed: NeededText[] = [];
    if (copied !== null) for (const { spec, lane } of this.#cursors) lane.pass(copied.unitsOf(spec));
    const groups = this.#groups.filter(({ writer }) => copied === null || writer.texts !== 'full');
    for (const part of chunk?.parts ?? []) this.#addPart(part, groups, needed);
    return needed;
  }

  #addPart(part: PagePart, groups: readonly LaneGroup<CopyCursor>[], needed: NeededText[]): void {
    const { page } = part;
    const writers = new Map<RevisionRecord, WriterOptions[]>();
    for (const group of groups) {
      const takes = (cursor: CopyCursor) => cursor.take() === null;
      const takeAll = () => {
        for (const cursor of group.all) cursor.take();
      };
      walkPart(part, group.writer, this.#range, {
        head: takeAll,
        continued: () => undefined,
        revision: (revision) => {
          let isWritten = false;
          for (const cursor of group.all) if (takes(cursor)) isWritten = true;
          const latest = revision.id === page.latestRevisionId ? latestLanes(group, page) : [];
          for (const cursor of latest) {
            takes(cursor);
            if (takes(cursor)) isWritten = true;
            takes(cursor);
          }
          if (isWritten) writers.set(revision, [...(writers.get(revision) ?? []), group.writer]);
        },
        dropped: () => undefined,
        tail: takeAll,
      });
    }
    for (const revision of part.revisions) {
      const options = writers.get(revision);
      if (options === undefined) continue;
      for (const slot of revision.slots) {
        if (options.some((writer) => needsText(page, revision, slot, writer)))
          needed.push({ page, revision, slot });
      }
    }
  }
}
