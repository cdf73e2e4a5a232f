import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { BundleLine, LaneSpec } from '../../../dumping/piece/piece-spec.ts';
import { Bz2Compressor } from '../../../export/containers/bz2/compressor.ts';
import { Bz2Splicer } from '../../../export/containers/bz2/splicer.ts';
import { gzMember } from '../../../export/containers/gz/members.ts';
import type { Program } from '../../../export/containers/program.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import type { BuiltPiece } from './build-files.ts';

export interface JoinOrder {
  readonly lane: LaneSpec;
  readonly pieces: readonly BuiltPiece[];
  readonly header: Buffer;
  readonly footer: Buffer;
  readonly path: string;
  readonly program: Program;
  readonly signal: AbortSignal;
}

/** One file of the pieces' parts: a gz file of members, or one single bz2 stream. Memory: one bundle. */
export async function joinPieces(order: JoinOrder): Promise<FileDigest> {
  await using writer = await HashingFileWriter.create(order.path);
  if (order.lane.format === 'gz') {
    await writer.write(gzMember(order.header, { level: 6 }));
    for await (const bundle of bundlesOf(order)) await writer.write(bundle.bytes);
    await writer.write(gzMember(order.footer, { level: 6 }));
    return await writer.close();
  }
  const compressor = new Bz2Compressor({ program: order.program, signal: order.signal, concurrency: 1 });
  const splicer = new Bz2Splicer();
  await writer.write(splicer.append((await compressor.compress(order.header)).stream));
  for await (const { bytes, line } of bundlesOf(order)) {
    await writer.write(splicer.append(bytes, line.blocks === undefined ? {} : { blocks: line.blocks }));
  }
  await writer.write(splicer.append((await compressor.compress(order.footer)).stream));
  await writer.write(splicer.finish());
  return await writer.close();
}

async function* bundlesOf({
  lane,
  pieces,
  signal,
}: JoinOrder): AsyncGenerator<{ readonly bytes: Buffer; readonly line: BundleLine }, void, void> {
  for (const { folder, report } of pieces) {
    const of = report.lanes.find((one) => one.output === lane.output && one.format === lane.format);
    if (of === undefined) throw new RotaError('INTERNAL', `A piece lacks the lane ${lane.output}.`);
    const lines = (await readFile(join(folder, of.bundlesFile), 'utf8')).split('\n').slice(0, -1);
    await using file = await open(join(folder, of.file), 'r');
    for (const text of lines) {
      signal.throwIfAborted();
      const line = JSON.parse(text) as BundleLine;
      const bytes = Buffer.allocUnsafe(line.length);
      const { bytesRead } = await file.read(bytes, 0, line.length);
      if (bytesRead !== line.length)
        throw new RotaError('PIECE_DAMAGED', `${folder} ends too early; the stage makes it again`);
      yield { bytes, line };
    }
  }
}
