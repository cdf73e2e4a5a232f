/** What a dump's head says of the wiki, and what the writer needs to know to print titles and redirects. */
export interface SiteNamespace {
  readonly id: number;
  /** Canonical local name with spaces; '' for the main namespace. UTF-8 text (an ordinary string). */
  readonly name: string;
  readonly case: 'first-letter' | 'case-sensitive';
  /** Other names that titles may be written with (aliases, the English canonical name); [] where the source lacks them. */
  readonly aliases: readonly string[];
}

export interface SiteInfo {
  readonly siteName: string;
  readonly databaseName: string;
  /** URL of the main page. */
  readonly base: string;
  /** Such as `MediaWiki 1.39.17`. */
  readonly generator: string;
  readonly case: 'first-letter' | 'case-sensitive';
  /** Content language code: xml:lang. */
  readonly language: string;
  /** Ascending by id, Media and Special included. */
  readonly namespaces: readonly SiteNamespace[];
  /** Spellings of the redirect magic word (such as `#REDIRECT`); null where the source lacks them. */
  readonly redirectWords: readonly string[] | null;
  /** Interwiki prefixes, lower case; null where the source lacks them. */
  readonly interwikiPrefixes: readonly string[] | null;
  /** The answer of api.php as it came, where that was the source: the run's siteinfo-namespaces.json.gz. */
  readonly apiAnswer: string | null;
}

export interface SiteInfoResult {
  readonly siteInfo: SiteInfo;
  /** What this kind of source cannot tell, in words: to be said once. */
  readonly lacks: readonly string[];
}
