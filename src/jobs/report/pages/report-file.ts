/** One file of a report. */
export interface ReportFile {
  /** Relative to the report's folder, `data/forecast.csv`. */
  readonly path: string;
  readonly content: string;
}
