/**
 * A task of the tracker with what happened to it: the one form that all sources (dump, database, Conduit) are brought
 * into. Times are seconds since 1970 in UTC, as the tracker keeps them.
 */
export interface TrackerTask {
  readonly id: number;
  readonly phid: string;
  readonly title: string;
  /** What the tracker says today; histories may lack the step that led there. */
  readonly status: string;
  readonly priority: number;
  readonly points: number | null;
  readonly createdAt: number;
  /** Edges as they are today. */
  readonly edges: readonly CurrentEdge[];
  /** In any order. */
  readonly transactions: readonly TrackerTransaction[];
}

export interface CurrentEdge {
  readonly type: number;
  readonly phid: string;
  readonly since: number;
}

/** Types of edges that matter here. */
export const edgeTypes = {
  childTask: 3,
  parentTask: 4,
  subscriber: 21,
  project: 41,
  mentionedBy: 51,
} as const;

interface Step {
  /** Among steps of one second the higher number came later. */
  readonly id: number;
  readonly at: number;
}

export interface ValueStep<K extends string, T> extends Step {
  readonly kind: K;
  readonly from: T | null;
  readonly to: T | null;
}

export interface ColumnStep extends Step {
  readonly kind: 'columns';
  /** One step may move the task on several boards. */
  readonly moves: readonly { readonly board: string; readonly column: string }[];
}

export interface EdgeStep extends Step {
  readonly kind: 'edges';
  readonly type: number;
  readonly change: /** All edges of the type after the step. */
    | { readonly kind: 'all'; readonly before: readonly string[]; readonly after: readonly string[] }
    | { readonly kind: 'difference'; readonly removed: readonly string[]; readonly added: readonly string[] };
}

/** Nothing that reports are made from, but it shows that somebody worked on the task. */
export interface OtherStep extends Step {
  readonly kind: 'other';
}

export type TrackerTransaction =
  | ValueStep<'status', string>
  | ValueStep<'priority', number>
  | ValueStep<'points', number>
  | ColumnStep
  | EdgeStep
  | OtherStep;

export interface TrackerProject {
  readonly id: number;
  readonly phid: string;
  readonly name: string;
}

export interface TrackerColumn {
  readonly id: number;
  readonly phid: string;
  /** Empty: the default column under its usual name. */
  readonly name: string;
  readonly isHidden: boolean;
  readonly isDefault: boolean;
  /** The board; it need not be among the projects. */
  readonly projectPhid: string;
}
