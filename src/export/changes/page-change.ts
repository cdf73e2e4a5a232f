/**
 * The records of `…-page-changes.jsonl.gz`: what of the state of a wiki the day's XML files cannot say. Each says how
 * things are, not how they came about, so that applying one twice does no harm. Ascending by page; within a page
 * `page` first, then by revision. docs/reference/page-changes.schema.json describes them.
 */
export type PageChange =
  /** First in every file: the XML's head as it is now. */
  | { readonly kind: 'siteinfo'; readonly head: string }
  /** The page is new, or its head is another: as printed, not escaped. */
  | {
      readonly kind: 'page';
      readonly page: number;
      readonly ns: number;
      readonly title: string;
      readonly redirect?: string;
    }
  /** Nothing of the page is public any more. */
  | { readonly kind: 'page-gone'; readonly page: number }
  /** The revision is not on the page any more, or not public. */
  | { readonly kind: 'rev-gone'; readonly page: number; readonly rev: number }
  /** Gone from the page as well; it is on another page now, in whose restored file it is. */
  | { readonly kind: 'rev-moved'; readonly page: number; readonly rev: number; readonly to: number }
  /** The revision is printed in another way: as in the XML, without its texts, which are as they were or hidden. */
  | { readonly kind: 'rev-meta'; readonly page: number; readonly rev: number; readonly xml: string };

export type PageChangeKind = PageChange['kind'];

/** One line of the file. */
export function changeLine(change: PageChange): string {
  return `${JSON.stringify(change)}\n`;
}
