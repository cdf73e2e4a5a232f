/** What a scope's reports are made of: a team's or a project's part of the tracker. */
export interface ScopeConfig {
  readonly name: string;
  readonly title: string;
  /** Points of a task without any; null: it has none. */
  readonly defaultPoints: number | null;
  /** The first day of the reports, `2026-11-22`; null: the start of the previous quarter. */
  readonly startDate: string | null;
  /** Days begin and end in this time zone. */
  readonly zone: string;
  readonly showPoints: boolean;
  readonly showCount: boolean;
  /** What was resolved before is left out of the main burn-up. */
  readonly resolvedCutoff: 'quarter' | { readonly date: string } | null;
  readonly statusReport: {
    /** Id of a project. */
    readonly project: number;
    readonly start: string | null;
    readonly end: string | null;
  } | null;
  /** The category, the points of the last day hold for all days. */
  readonly retroactiveCategories: boolean;
  readonly retroactivePoints: boolean;
  /** The first that matches decides. */
  readonly rules: readonly ScopeRule[];
}

export const ruleKinds = [
  'ProjectByID',
  'ProjectByName',
  'ProjectsByWildcard',
  'Intersection',
  'ProjectColumn',
  'ParentTask',
] as const;

export type RuleKind = (typeof ruleKinds)[number];

export interface ScopeRule {
  readonly kind: RuleKind;
  /** The category; null for a wildcard, which makes one for each project that it finds. */
  readonly title: string | null;
  readonly display: 'show' | 'hide' | 'omit';
  readonly forceResolved: boolean;
  /** Ids of projects; empty for rules that find them by name. */
  readonly projects: readonly number[];
  /** A project's name, or the text that names, columns or titles must contain; null where none is needed. */
  readonly match: string | null;
  /** Where the rule stands, for messages. */
  readonly place: string;
}
