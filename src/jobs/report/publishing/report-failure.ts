/** Why a day has no report: it failed, waits for somebody who has to look at it, or was not liked by who did. */
export type FailureKind = 'failed' | 'held' | 'rejected';

export interface ReportFailure {
  /** The day that the report would have been of. */
  readonly asOf: string;
  readonly at: string;
  readonly kind: FailureKind;
}
