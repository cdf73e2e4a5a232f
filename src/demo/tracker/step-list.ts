import { columnPhid } from './projects.ts';

export type StepType = 'core:columns' | 'priority' | 'points' | 'status' | 'reassign' | 'core:edge';

export interface DemoStep {
  readonly type: StepType;
  readonly at: number;
  /** As JSON texts, in the way of their time. */
  readonly oldValue: string;
  readonly newValue: string;
  readonly metadata: string;
}

/** How the tracker writes values at one time or another. */
export interface Manner {
  /** Edges as maps of all that there are, before 2018. */
  readonly bulkyEdges: boolean;
  /** Priorities as numbers, before 2017. */
  readonly numericPriorities: boolean;
  /** `fromColumnPHIDs` as a list. */
  readonly columnLists: boolean;
  /** No type of edge in the metadata. */
  readonly bareMetadata: boolean;
}

/** The transactions of one task, in the order in which they are told. */
export class StepList {
  readonly steps: DemoStep[] = [];
  readonly #manner: Manner;

  constructor(manner: Manner) {
    this.#manner = manner;
  }

  value(type: StepType, at: number, oldValue: unknown, newValue: unknown, metadata = '[]'): void {
    this.steps.push({
      type,
      at,
      oldValue: JSON.stringify(oldValue),
      newValue: JSON.stringify(newValue),
      metadata,
    });
  }

  priority(at: number, before: number | null, after: number): void {
    const written = (value: number | null) =>
      value === null || this.#manner.numericPriorities ? value : String(value);
    this.value('priority', at, written(before), written(after));
  }

  /** The edges of a type before and after. */
  edges(at: number, type: number, before: readonly string[], after: readonly string[], source: string): void {
    const metadata = this.#manner.bareMetadata ? '' : `{"edge:type":${type}}`;
    if (this.#manner.bulkyEdges) {
      const bulky = (phids: readonly string[]) =>
        phids.length === 0
          ? []
          : Object.fromEntries(
              phids.map((dst, i) => [
                dst,
                {
                  src: source,
                  dst,
                  type: String(type),
                  dateCreated: String(at),
                  seq: String(i),
                  dataID: null,
                  data: [],
                },
              ]),
            );
      this.value('core:edge', at, bulky(before), bulky(after), metadata);
      return;
    }
    const removed = before.filter((phid) => !after.includes(phid));
    const added = after.filter((phid) => !before.includes(phid));
    this.value('core:edge', at, removed, added, `{"edge:type":${type}}`);
  }

  move(
    at: number,
    board: { readonly id: number; readonly phid: string },
    before: number,
    after: number,
  ): void {
    const from = columnPhid(board.id, before);
    const move = {
      columnPHID: columnPhid(board.id, after),
      boardPHID: board.phid,
      fromColumnPHIDs: this.#manner.columnLists ? [from] : { [from]: from },
      beforePHIDs: [],
      afterPHIDs: [],
    };
    this.value('core:columns', at, null, [move]);
  }
}
