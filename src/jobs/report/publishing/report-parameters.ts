/** What a run of `report` was created with. */
export interface ReportParameters {
  /** The report of a day that was published before is replaced. */
  readonly replace?: boolean;
}

export function readReportParameters(value: unknown): ReportParameters {
  return typeof value === 'object' && value !== null ? (value as ReportParameters) : {};
}
