/** What preflight found, for later stages and the manifest. */
export interface PreflightSummary {
  /** Tables that enter the tree of the wiki, without prefix. */
  readonly tables: readonly string[];
  /** Generation of the database schema, such as `1.39`. */
  readonly schema: string;
  /** Such as `MediaWiki 1.39.17`. */
  readonly generator: string;
  /** What the siteinfo source does not tell. */
  readonly lacks: readonly string[];
  /** ISO 8601; when an earlier publication of the date was taken back. */
  readonly replacedAt?: string;
}
