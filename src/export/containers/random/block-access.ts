/** A part of a file that is decompressed by itself. */
export interface RawBlock {
  /** Where it begins, in the file's own positions. */
  readonly position: number;
  /** In bytes from the start of the file, and the bit in that byte (bz2; 0 elsewhere). */
  readonly fileOffset: number;
  readonly bit: number;
  readonly raw: Buffer;
}

/**
 * A compressed file that can be read from its middle. Positions are numbers that rise with the content, from 0 to
 * `end`: bits, frames or bytes. Memory: a block or two.
 */
export interface BlockAccess extends AsyncDisposable {
  readonly end: number;
  /** The least distance of two positions worth halving: less is read through. */
  readonly grain: number;
  /** Bytes read from the file so far. */
  readonly bytesRead: number;
  /** The first block that begins at the position or behind it and can be read. */
  firstFrom(position: number): Promise<RawBlock | null>;
  /** The last block that begins before the position and can be read. */
  lastBefore(position: number): Promise<RawBlock | null>;
  /**
   * The block that follows; null at the end.
   * @throws RotaError ARCHIVE_DAMAGED
   */
  after(block: RawBlock): Promise<RawBlock | null>;
}
