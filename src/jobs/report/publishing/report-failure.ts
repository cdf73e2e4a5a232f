/** Why a day has no report: it failed, or it waits for somebody who has to look at it. */
export type FailureKind = 'failed' | 'held';

export interface ReportFailure {
  /** The day that the report would have been of. */
  readonly asOf: string;
  readonly at: string;
  readonly kind: FailureKind;
}
