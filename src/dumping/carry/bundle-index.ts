import type { BundleLine } from '../piece/piece-spec.ts';

/**
 * The index beside a file of bundles (`<file>.index.zst`): lines of JSON in zst frames, the first an {@link IndexHeader},
 * then one {@link IndexLine} a bundle, in the file's order.
 */
export const indexFormat = 'rota-bundle-index';
export const indexVersion = 1;

export interface IndexHeader {
  readonly format: typeof indexFormat;
  readonly version: number;
  /** Name of the file that is described. */
  readonly file: string;
  /** Of everything that all bytes of the file depend on besides the wiki's rows: bundles of another key are of no use. */
  readonly key: string;
  /** How many dates were made one from the other until this one; 0: from nothing. */
  readonly turn: number;
}

export interface IndexLine extends BundleLine {
  /** Where the bundle begins in the file: bytes, and in a bz2 file bits. */
  readonly at: number;
  /** bz2 only: length of its blocks in bits, and their combined CRC. */
  readonly bits?: number;
  readonly crc?: number;
  /** The bundle begins a piece: the next dump cuts there, too. */
  readonly piece?: true;
}

/** A line as a piece gets it. */
export interface CarriedLine extends IndexLine {
  /** Which of the source's paths holds it. */
  readonly part: number;
}
