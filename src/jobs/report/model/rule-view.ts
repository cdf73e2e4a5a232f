/** One rule of a scope, first match wins; the report tells it in plain English. */
export interface RuleView {
  readonly kind:
    | 'ProjectByID'
    | 'ProjectByName'
    | 'ProjectsByWildcard'
    | 'Intersection'
    | 'ProjectColumn'
    | 'ParentTask';
  /** The category it makes; null for a wildcard, which makes one for each project. */
  readonly title: string | null;
  readonly display: 'show' | 'hide' | 'omit';
  readonly forceResolved: boolean;
  /** The projects it names or found, in its order. */
  readonly projects: readonly { readonly id: number; readonly name: string | null }[];
  /** The text that columns, ancestors or names of projects must contain. */
  readonly match: string | null;
  /** How many tasks fall under it as of the day. */
  readonly tasks: number;
}
