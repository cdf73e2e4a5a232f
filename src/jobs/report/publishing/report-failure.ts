export interface ReportFailure {
  /** The day that the report would have been of. */
  readonly asOf: string;
  readonly at: string;
}
