import type { PageRecord, RedirectTarget, RevisionRecord } from '../record/revision-record.ts';
import type { PageSelection } from './page-loader.ts';

export interface ReadPagesOptions extends PageSelection {
  /** Only the revision that page_latest names. */
  readonly latestOnly?: boolean | undefined;
  /** Chunks are cut when they hold so many revisions. Default 2,000. */
  readonly targetChunkRevisions?: number | undefined;
  /** Chunks are cut when their texts' sizes sum up to this. Default 8 MiB. */
  readonly targetChunkBytes?: number | undefined;
  /**
   * Checks the redirect table's targets and finds the ones that it lacks in the latest texts. Without it, rows are
   * taken as they are, and a redirect without one stays without a target.
   */
  readonly redirects?: RedirectResolver | undefined;
  /** Whether encoded chunks come with the prints of the pages that end in them. */
  readonly prints?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** See Redirects in src/mediawiki/title. */
export interface RedirectResolver {
  fromRow(row: RedirectTarget): RedirectTarget | null;
  fromTexts(
    pages: readonly { readonly page: PageRecord; readonly latest: RevisionRecord }[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<number, RedirectTarget | null>>;
}
