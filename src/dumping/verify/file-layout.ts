/** Where a part of a compressed file stands: bytes, or (blocks inside a single bz2 stream) bits with their combined CRC. */
export type PartPlace =
  | { readonly at: number; readonly length: number }
  | { readonly at: number; readonly bits: number; readonly crc: number };

/**
 * A part of a file that can be decompressed by itself: the XML's head or foot, or bundles. One JSON line each, in the
 * file's order, in `<file>.layout` beside a file some of whose bundles are copies.
 */
export type FilePart = PartPlace & {
  readonly raw: number;
  /** Pages that begin and revisions that end in it. */
  readonly begun: number;
  readonly revisions: number;
  /** It ends with the end of a page, or outside of pages. */
  readonly whole: boolean;
  /** The page in which it begins, and that in which it ends; 0 for head and foot. */
  readonly firstPage: number;
  readonly lastPage: number;
  /** SHA-256 of its bundles' compressed bytes; '' where something in it was made anew. */
  readonly copied: string;
};

export const layoutName = (path: string): string => `${path}.layout`;
