import type { ScanHandler } from '../export/scanner/scan-result.ts';

/** How far a scan has come: what was whole last, and what was begun. */
export class Progress {
  /** Of the last page and revision that are whole. */
  lastPageId: number | null = null;
  lastRevisionId: number | null = null;
  /** The page that was begun and not ended. */
  insidePageId: number | null = null;
  hasHead = false;

  readonly handler: ScanHandler = {
    onHead: () => {
      this.hasHead = true;
    },
    onPageId: (id) => {
      this.insidePageId = id;
    },
    onRevision: (revision) => {
      this.lastRevisionId = revision.id;
    },
    onPage: (page) => {
      this.lastPageId = page.id;
      this.insidePageId = null;
    },
  };
}
