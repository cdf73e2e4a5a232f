import { RotaError } from '../core/errors/rota-error.ts';
import { Bz2BlockFile } from '../export/containers/bz2/decode/block-file.ts';
import type { DumpSource } from './dump-source.ts';

/** A line of the list: a block, the end of a stream, or where the file breaks off. */
export interface CrcLine {
  readonly kind: 'block' | 'stream-end' | 'fault';
  /** Counted from 1. */
  readonly stream: number;
  readonly block: number | null;
  readonly fileOffset: number;
  readonly bit: number;
  /** 8 hexadecimal digits; null for a fault. */
  readonly crc: string | null;
  readonly rawBytes: number | null;
  readonly what: string | null;
}

/**
 * Every block of a bz2 file with its checksum, which is proved by decoding it, and the combined checksum of every stream.
 * @throws RotaError USAGE for other formats
 */
export async function* blockCrcs(
  source: DumpSource,
  signal: AbortSignal,
): AsyncGenerator<CrcLine, void, void> {
  if (source.format !== 'bz2' || source.path === null) {
    throw new RotaError('USAGE', `${source.name} is no bz2 file: only these have blocks with checksums.`);
  }
  await using file = await Bz2BlockFile.open(source.path);
  for await (const step of file.walk()) {
    signal.throwIfAborted();
    if (step.kind === 'stream-start') continue;
    const { kind, stream } = step;
    if (step.kind === 'block') {
      const { crc, raw, bitOffset } = step.block;
      const block = step.number;
      yield { kind, stream, block, ...place(bitOffset), crc: hex(crc), rawBytes: raw.length, what: null };
    } else if (step.kind === 'stream-end') {
      const crc = hex(step.combinedCrc);
      yield { kind, stream, block: null, ...place(step.bitOffset), crc, rawBytes: null, what: null };
    } else {
      const { bitOffset, what } = step.fault;
      yield { kind, stream, block: step.number, ...place(bitOffset), crc: null, rawBytes: null, what };
    }
  }
}

function place(bitOffset: number) {
  return { fileOffset: Math.floor(bitOffset / 8), bit: bitOffset % 8 };
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
