/** What a run of `phabricator-load` was created with. */
export interface LoadParameters {
  /** A dump in the place of the configured source: an absolute path. */
  readonly dump?: string;
  readonly complete?: boolean;
  readonly acceptShrunken?: boolean;
  /** Take the source as it is, also if it has not changed since the last load. */
  readonly now?: boolean;
}

export function readLoadParameters(value: unknown): LoadParameters {
  return typeof value === 'object' && value !== null ? (value as LoadParameters) : {};
}
