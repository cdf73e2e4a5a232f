import type { Bz2Compressor } from '../../export/containers/bz2/compressor.ts';
import { gzMember } from '../../export/containers/gz/members.ts';
import { zstFrame } from '../../export/containers/zst/frame.ts';
import type { LaneSpec } from './piece-spec.ts';

/** gzip's own default. */
const gzLevel = 6;

export interface Packed {
  readonly bytes: Uint8Array;
  readonly blocks?: number;
}

/**
 * Compresses a bundle as a stream, frame or member of its own. `raw` may be overwritten as soon as this returns.
 * @param compressor for bz2 only
 */
export function packBundle(
  raw: Buffer,
  format: LaneSpec['format'],
  compressor: Bz2Compressor | null,
): Packed | Promise<Packed> {
  if (compressor === null)
    return { bytes: format === 'gz' ? gzMember(raw, { level: gzLevel }) : zstFrame(raw).bytes };
  // The program still reads when this returns: it gets a copy.
  return compressor
    .compress(Buffer.from(raw))
    .then((bundle) => ({ bytes: bundle.stream, blocks: bundle.blocks }));
}
