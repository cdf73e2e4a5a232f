import { RotaError } from '../../core/errors/rota-error.ts';
import { Bz2Compressor, findBz2Program } from '../../export/containers/bz2/compressor.ts';
import { Bz2Splicer } from '../../export/containers/bz2/splicer.ts';
import { FileWindow } from '../../export/containers/file-window.ts';
import type { ContainerFormat } from '../../export/containers/read/container.ts';
import { type ByteSink, FileSink } from '../../export/containers/write/byte-sink.ts';
import { openWriter } from '../../export/containers/write/open-writer.ts';
import type { DumpSource, FileTools } from '../dump-source.ts';
import { partialComment } from '../partial-mark.ts';
import { type Gap, keepWhole } from './keep-whole.ts';
import { readablePieces } from './readable-pieces.ts';
import { type CutBlock, type Survey, surveyDump } from './survey.ts';

export interface RepairReport {
  readonly file: string;
  /** Null when the file is whole: then nothing was written. */
  readonly output: string | null;
  readonly reason: string | null;
  readonly pages: number;
  readonly revisions: number;
  readonly logItems: number;
  readonly lastPageId: number | null;
  readonly lastRevisionId: number | null;
  /** The last page was cut between two of its revisions. */
  readonly lastPageIsCut: boolean;
  /** Of readable XML that was given up because it belongs to nothing whole. */
  readonly droppedBytes: number;
  /** What is lost, in the order of the file. */
  readonly gaps: readonly Gap[];
  /** How the new file was made: whole bz2 blocks are copied. */
  readonly how: 'blocks copied' | 'compressed anew' | null;
}

export interface RepairTarget {
  /** As the user named it, and resolved. */
  readonly name: string;
  readonly path: string;
  readonly format: ContainerFormat;
}

const copyBytes = 1 << 20;

/**
 * Writes what is whole of a damaged dump into a new file, closed, and marked as partial by a comment: everything up to
 * the damage, and whole pages behind it where these can be read. Where nothing can, of bz2 to bz2 only the last block is
 * compressed anew. The file itself is not touched.
 * @throws RotaError NOTHING_TO_SAVE
 */
export async function repairDump(
  source: DumpSource,
  target: RepairTarget,
  tools: FileTools,
): Promise<RepairReport> {
  if (source.path === null) {
    throw new RotaError('USAGE', 'repair reads its file twice, so it cannot be standard input; name a file');
  }
  const survey = await surveyDump(source, tools.signal);
  if (survey.reason === null) return report(source, survey, null, null);
  if (survey.isReadableBehind) return await saveAround(source, target, survey.reason, tools);
  if (survey.keptBytes === 0) throw nothingToSave(source, survey.reason);
  const { block } = survey;
  const canSplice = block !== null && target.format === 'bz2' && (await isLevel9(source.path, block));
  if (canSplice) await splice(source.path, block, survey, target.path, tools);
  else await compressAnew(source, survey, target, tools);
  return report(source, survey, target.name, canSplice ? 'blocks copied' : 'compressed anew');
}

/** Everything that is whole, before the damage and behind it. */
async function saveAround(
  source: DumpSource,
  target: RepairTarget,
  reason: string,
  tools: FileTools,
): Promise<RepairReport> {
  await using writer = await openWriter(target.path, target.format, tools);
  const kept = await keepWhole(readablePieces(source, tools.signal), (bytes) => writer.write(bytes));
  if (kept.pages + kept.logItems === 0) throw nothingToSave(source, reason);
  const [first] = kept.gaps;
  const more = kept.gaps.length > 1 ? kept.gaps.length : null;
  const comment = partialComment(first?.afterPageId ?? null, first?.afterRevisionId ?? null, more);
  await writer.write(Buffer.from(`${comment}</mediawiki>\n`));
  await writer.finish();
  return { file: source.name, output: target.name, reason, ...kept, how: 'compressed anew' };
}

function nothingToSave(source: DumpSource, reason: string): RotaError {
  return new RotaError(
    'NOTHING_TO_SAVE',
    `${source.name} holds no whole page, revision or log item: ${reason}; fetch or make it again.`,
    { facts: { file: source.name } },
  );
}

function report(
  source: DumpSource,
  survey: Survey,
  output: string | null,
  how: RepairReport['how'],
): RepairReport {
  const { reason, pages, revisions, logItems, lastPageId, lastRevisionId, insidePage } = survey;
  const droppedBytes = reason === null ? 0 : survey.readableBytes - survey.keptBytes;
  return {
    file: source.name,
    output,
    reason,
    pages,
    revisions,
    logItems,
    lastPageId,
    lastRevisionId,
    lastPageIsCut: insidePage,
    droppedBytes,
    gaps:
      reason === null
        ? []
        : [
            {
              what: reason,
              ...{ afterPageId: lastPageId, afterRevisionId: lastRevisionId },
              ...{ cutsPage: insidePage, beforePageId: null },
            },
          ],
    how,
  };
}

function closing(survey: Survey): Buffer {
  const page = survey.insidePage ? '  </page>\n' : '';
  return Buffer.from(`${page}${partialComment(survey.lastPageId, survey.lastRevisionId)}</mediawiki>\n`);
}

async function compressAnew(
  source: DumpSource,
  survey: Survey,
  target: RepairTarget,
  tools: FileTools,
): Promise<void> {
  await using writer = await openWriter(target.path, target.format, tools);
  let left = survey.keptBytes;
  // Not by a program: some give nothing of what stands before the damage.
  for await (const piece of readablePieces(source, tools.signal)) {
    if (piece.kind === 'gap') break;
    await writer.write(piece.bytes.subarray(0, left));
    left -= piece.bytes.length;
    if (left <= 0) break;
  }
  await writer.write(closing(survey));
  await writer.finish();
}

/** Blocks of the highest level do not fit in a stream that says it has smaller ones. */
async function isLevel9(path: string, block: CutBlock): Promise<boolean> {
  await using file = await FileWindow.open(path);
  return (await file.read(block.streamBit / 8, 4)).toString('latin1') === 'BZh9';
}

/** Copies the file up to the block in which it is cut, and adds what is kept of that block to the same stream. */
async function splice(
  path: string,
  block: CutBlock,
  survey: Survey,
  output: string,
  tools: FileTools,
): Promise<void> {
  const compressor = new Bz2Compressor({
    program: await findBz2Program(tools.searchPath),
    concurrency: 1,
    signal: tools.signal,
  });
  const kept = block.raw.subarray(0, survey.keptBytes - block.rawStart);
  const tail = await compressor.compress(Buffer.concat([kept, closing(survey)]));
  await using sink: ByteSink = await FileSink.open(output);
  await using file = await FileWindow.open(path);
  const wholeBytes = Math.floor(block.bitOffset / 8);
  for (let at = 0; at < wholeBytes; at += copyBytes) {
    tools.signal.throwIfAborted();
    await sink.write(await file.read(at, Math.min(copyBytes, wholeBytes - at)));
  }
  const carryBits = block.bitOffset % 8;
  const shared = carryBits === 0 ? 0 : (await file.read(wholeBytes, 1)).readUInt8(0) >> (8 - carryBits);
  const { blocks, combinedCrc } = block;
  const splicer = new Bz2Splicer({ bytes: wholeBytes, blocks, combinedCrc, carryBits, carry: shared });
  await sink.write(splicer.append(tail.stream, tail));
  await sink.write(splicer.finish());
  await sink.finish();
}
