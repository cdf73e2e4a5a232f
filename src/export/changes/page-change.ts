/**
 * The records of `…-page-changes.jsonl.gz`: what of the state of a wiki the day's XML files cannot say. Each says how
 * things are, so that applying one twice does no harm. Users first, then ascending by page; within a page `page` first,
 * then by revision. docs/reference/page-changes.schema.json describes them.
 */
export type PageChange =
  /** First in every file: the XML's head as it is now. */
  | { readonly kind: 'siteinfo'; readonly head: string }
  /** The registered user has another name now: so do all his revisions that name him. After `siteinfo`, by user. */
  | ({ readonly kind: 'actor'; readonly user: number; readonly name: string } & Told)
  /** The page is new, or its head is another: as printed, not escaped. */
  | ({
      readonly kind: 'page';
      readonly page: number;
      readonly ns: number;
      readonly title: string;
      readonly redirect?: string;
    } & Told)
  /** Nothing of the page is public any more. */
  | ({ readonly kind: 'page-gone'; readonly page: number } & Told)
  /** The revision is not on the page any more, or not public. */
  | ({ readonly kind: 'rev-gone'; readonly page: number; readonly rev: number } & Told)
  /** Gone from the page as well; it is on another page now, in whose restored file it is. */
  | ({ readonly kind: 'rev-moved'; readonly page: number; readonly rev: number; readonly to: number } & Told)
  /** The revision is printed in another way: as in the XML, without its texts, which are as they were or hidden. */
  | ({ readonly kind: 'rev-meta'; readonly page: number; readonly rev: number; readonly xml: string } & Told);

/** What the public log says of it, if anything; nothing follows from it. */
export interface Told {
  readonly log?: LogReference;
}

/** An entry of the public log (`pages-logging`). Who and why are absent where they are hidden. */
export interface LogReference {
  readonly id: number;
  readonly type: string;
  readonly action: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by?: string;
  readonly why?: string;
}

export type PageChangeKind = PageChange['kind'];

/** One line of the file. */
export function changeLine(change: PageChange): string {
  return `${JSON.stringify(change)}\n`;
}
