import type { IndexedPage } from '../bz2/multistream.ts';

/**
 * Writes content into a compressed file, a bounded part at a time. Disposed of without `finish`, it leaves no file.
 */
export interface DumpWriter extends AsyncDisposable {
  /** The bytes must not be changed afterwards. */
  write(bytes: Buffer): Promise<void>;
  finish(): Promise<void>;
}

/** A writer that can begin a new bz2 stream where it is told to. */
export interface MultistreamFile extends DumpWriter {
  /** Ends the stream; its pages are listed in the index. */
  endStream(pages: readonly IndexedPage[]): Promise<void>;
}
