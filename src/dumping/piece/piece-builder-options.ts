import type { Bz2Compressor } from '../../export/containers/bz2/compressor.ts';
import type { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import type { TextSource } from '../../mediawiki/text/text-source.ts';

export interface PieceBuilderOptions {
  /** Schema, profile and site; `texts` is each lane's own. */
  readonly writer: WriterOptions;
  /** Null where no program for bz2 is there and no lane needs one. */
  readonly compressor: Bz2Compressor | null;
  /** Reads bz2 blocks of the date before; asked for when there are any to read. */
  bunzip(): Bz2SegmentReader;
  openTexts(): Promise<TextSource>;
  onProgress(revisions: number, rawBytes: number): void;
}
