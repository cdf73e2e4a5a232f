import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { everything } from '../../../dumping/carry/position.ts';
import type { LaneSpec, PieceReport } from '../../../dumping/piece/piece-spec.ts';
import { noRedactions } from '../../../dumping/piece/piece-spec.ts';
import { readSpoolManifest } from '../../../dumping/spool/spool-reader.ts';
import type { PiecePool } from '../../../dumping/threads/piece-pool.ts';
import type { ChangesContext } from '../services.ts';

/** A piece as it lies on the disk. */
export interface BuiltPiece {
  readonly folder: string;
  readonly report: PieceReport;
}

/** Each thread gets so many pieces, one after the other, so that none waits long for the last. */
const piecesPerThread = 3;

/**
 * Nothing is ever copied from a day, so that its blocks need not be apart: a compressor gets ten at once, for starting
 * one costs a third of compressing a block.
 */
const bundle = { zst: 16 << 20, bz2: 8_900_000 };

/** Renders the revisions of a spool with their texts, in several threads at once; pieces come back in their order. */
export async function buildPieces(
  context: ChangesContext,
  openPool: () => PiecePool,
  order: {
    readonly spoolFolder: string;
    readonly folder: string;
    readonly lanes: readonly LaneSpec[];
    readonly threads: number;
  },
): Promise<readonly BuiltPiece[]> {
  await rm(order.folder, { recursive: true, force: true });
  const chunks = readSpoolManifest(order.spoolFolder)?.entries.length ?? 0;
  if (chunks === 0) return [];
  const size = Math.max(1, Math.ceil(chunks / (order.threads * piecesPerThread)));
  const ranges = Array.from({ length: Math.ceil(chunks / size) }, (_, at) => ({
    fromChunk: at * size,
    toChunk: Math.min(chunks, (at + 1) * size),
  }));
  const pool = openPool();
  return await Promise.all(
    ranges.map(async (range, at) => {
      const folder = join(order.folder, `p${at}`);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const report = await pool.build(
        {
          spoolFolder: order.spoolFolder,
          ...range,
          range: everything,
          carry: [],
          redactions: noRedactions,
          folder,
          lanes: order.lanes,
          bundle,
          splits: [],
        },
        { signal: context.signal, onProgress: () => undefined },
      );
      return { folder, report };
    }),
  );
}
