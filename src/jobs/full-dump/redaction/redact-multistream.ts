import { RotaError } from '../../../core/errors/rota-error.ts';
import { Bz2Compressor, findBz2Program } from '../../../export/containers/bz2/compressor.ts';
import { Bz2BlockFile } from '../../../export/containers/bz2/decode/block-file.ts';
import { parseIndexLine } from '../../../export/containers/bz2/multistream.ts';
import { Bz2Splicer } from '../../../export/containers/bz2/splicer.ts';
import { FileWindow } from '../../../export/containers/file-window.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import type { RewrittenXml } from '../../../export/redact/redact-gz.ts';
import { redactXml } from '../../../export/redact/redact-xml.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { profileOf, type RewriteTools } from './redaction-tools.ts';

export interface RewrittenMultistream extends RewrittenXml {
  readonly file: FileDigest;
  readonly index: FileDigest;
}

/** A stream that is made anew. */
interface NewStream {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly stream: Buffer;
  readonly xml: Buffer;
  readonly rawDelta: number;
  readonly changed: readonly number[];
}

/** Raw bytes of the index that are compressed at once, less than a bz2 block. */
const portionBytes = 890_000;
const copyBytes = 1 << 20;

/**
 * Writes a multistream file and its index once more, with parts of revisions hidden: only streams that hold such a
 * revision are compressed anew; the offsets behind them move.
 * Memory: one stream, and those that are new.
 * @returns null where nothing is to be hidden; then nothing was written
 */
export async function redactMultistream(
  source: { readonly path: string; readonly indexPath: string },
  target: { readonly path: string; readonly indexPath: string },
  tools: RewriteTools,
): Promise<RewrittenMultistream | null> {
  const program = tools.bz2 ?? (await findBz2Program(tools.searchPath));
  const compressor = new Bz2Compressor({ program, concurrency: 1, signal: tools.signal });
  const offsets = await streamsOf(source.indexPath, new Set(tools.pages.values()), tools);
  const made: NewStream[] = [];
  await using blocks = await Bz2BlockFile.open(source.path);
  for (const from of offsets) {
    const { raw, to } = await readStream(blocks, from);
    const { xml, changed } = redactXml(raw, tools.redaction, profileOf(raw, tools.profile));
    if (changed.length === 0) continue;
    const { stream } = await compressor.compress(xml);
    made.push({ from, to, stream, xml, changed, rawDelta: xml.length - raw.length });
  }
  if (made.length === 0) return null;
  const file = await copyWith(source.path, target.path, made, tools.signal);
  await readBack(target.path, made);
  const index = await moveOffsets(source.indexPath, target.indexPath, made, compressor, tools);
  return {
    file,
    index,
    rawDelta: made.reduce((sum, one) => sum + one.rawDelta, 0),
    changed: made.flatMap((one) => one.changed),
  };
}

/** Where the streams of the pages begin, rising. */
async function streamsOf(
  path: string,
  pages: ReadonlySet<number>,
  tools: RewriteTools,
): Promise<readonly number[]> {
  const offsets = new Set<number>();
  for await (const line of indexLinesOf(path, tools)) {
    const entry = parseIndexLine(line);
    if (entry !== null && pages.has(entry.id)) offsets.add(entry.offset);
  }
  return [...offsets].sort((a, b) => a - b);
}

/** The index's lines without their newlines, a character a byte. */
async function* indexLinesOf(
  path: string,
  { searchPath, signal }: Pick<RewriteTools, 'searchPath' | 'signal'>,
): AsyncGenerator<string, void, void> {
  let rest = '';
  for await (const bytes of rawBytes(await openContainer(path, { searchPath, signal }))) {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') throw impossible(path, 'ends within a line');
}

async function readStream(
  blocks: Bz2BlockFile,
  from: number,
): Promise<{ readonly raw: Buffer; readonly to: number }> {
  const raws: Buffer[] = [];
  for await (const step of blocks.walk({ from: from * 8 + 32 })) {
    if (step.kind === 'block') raws.push(Buffer.from(step.block.raw));
    else if (step.kind === 'stream-end') {
      return { raw: Buffer.concat(raws), to: Math.ceil((step.bitOffset + 80) / 8) };
    } else break;
  }
  throw impossible(blocks.path, `has no whole stream at byte ${from}, which its index names`);
}

async function copyWith(
  from: string,
  to: string,
  made: readonly NewStream[],
  signal: AbortSignal,
): Promise<FileDigest> {
  await using file = await FileWindow.open(from);
  await using writer = await HashingFileWriter.create(to);
  const copy = async (start: number, end: number) => {
    for (let at = start; at < end; at += copyBytes) {
      signal.throwIfAborted();
      await writer.write(await file.read(at, Math.min(copyBytes, end - at)));
    }
  };
  let at = 0;
  for (const one of made) {
    await copy(at, one.from);
    await writer.write(one.stream);
    at = one.to;
  }
  await copy(at, file.size);
  return await writer.close();
}

async function readBack(path: string, made: readonly NewStream[]): Promise<void> {
  await using blocks = await Bz2BlockFile.open(path);
  for (const one of made) {
    const { raw } = await readStream(blocks, movedOffset(one.from, made));
    if (raw.equals(one.xml)) continue;
    throw new RotaError(
      'VERIFICATION_FAILED',
      `${path} does not read back as it was redacted; nothing was published of it: check disk and memory`,
      { facts: { path } },
    );
  }
}

async function moveOffsets(
  from: string,
  to: string,
  made: readonly NewStream[],
  compressor: Bz2Compressor,
  tools: RewriteTools,
): Promise<FileDigest> {
  await using writer = await HashingFileWriter.create(to);
  const splicer = new Bz2Splicer();
  let lines: string[] = [];
  let length = 0;
  const flush = async () => {
    const { stream, blocks } = await compressor.compress(Buffer.from(lines.join(''), 'latin1'));
    await writer.write(splicer.append(stream, { blocks }));
    lines = [];
    length = 0;
  };
  for await (const line of indexLinesOf(from, tools)) {
    const colon = line.indexOf(':');
    const moved = `${movedOffset(Number(line.slice(0, colon)), made)}${line.slice(colon)}\n`;
    lines.push(moved);
    length += moved.length;
    if (length >= portionBytes) await flush();
  }
  if (length > 0) await flush();
  await writer.write(splicer.finish());
  return await writer.close();
}

function movedOffset(offset: number, made: readonly NewStream[]): number {
  let moved = offset;
  for (const one of made) if (one.from < offset) moved += one.stream.length - (one.to - one.from);
  return moved;
}

function impossible(path: string, what: string): RotaError {
  return new RotaError(
    'REDACTION_IMPOSSIBLE',
    `${path} ${what}, so it cannot be rewritten; withdraw the date (rota dump withdraw)`,
    { facts: { path } },
  );
}
