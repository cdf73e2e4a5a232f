import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { IndexHeader, IndexLine } from '../../../dumping/carry/bundle-index.ts';
import { comparePositions, type Position } from '../../../dumping/carry/position.ts';
import { Bz2Compressor, findBz2Program } from '../../../export/containers/bz2/compressor.ts';
import { Bz2Splicer } from '../../../export/containers/bz2/splicer.ts';
import { zstFrame } from '../../../export/containers/zst/frame.ts';
import { SeekTableBuilder } from '../../../export/containers/zst/seek-table.ts';
import type { RewrittenXml } from '../../../export/redact/redact-gz.ts';
import { redactXml } from '../../../export/redact/redact-xml.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { indexHeader, indexLines } from '../carry/index-reader.ts';
import { bitOffset, crcOf, IndexFile } from '../content/index-file.ts';
import { catalogued } from '../content/lanes.ts';
import { BundleFile } from './bundle-file.ts';
import { profileOf, type RewriteTools } from './redaction-tools.ts';

/** A published file of bundles. */
export interface BundledSource {
  /** The catalogue's name of the output, such as `history-zst`. */
  readonly output: string;
  readonly format: 'bz2' | 'zst';
  readonly path: string;
  readonly indexPath: string;
}

export interface RewrittenBundles extends RewrittenXml {
  readonly file: FileDigest;
  readonly index: FileDigest;
}

/** A bundle as it is after something in it was hidden. */
interface NewBundle {
  readonly bytes: Buffer;
  readonly xml: Buffer;
  readonly blocks?: number;
  readonly changed: readonly number[];
}

const noHeld = { rawBytes: 0, pages: 0, revisions: 0 };

/**
 * Writes a file and its index once more, with parts of revisions hidden: only bundles that hold such a revision are
 * made anew. The next date copies none of those, and takes no text of these revisions from them.
 * Memory: one bundle, and the compressed ones that are new.
 * @param folder an existing folder; the new files have the names of the old
 * @returns null where nothing is to be hidden in the file; then nothing was written
 */
export async function redactBundles(
  source: BundledSource,
  target: { readonly path: string; readonly indexPath: string },
  tools: RewriteTools,
): Promise<RewrittenBundles | null> {
  const { signal, searchPath } = tools;
  const index = { path: source.indexPath, searchPath, signal };
  const header = await indexHeader(index);
  if (header === null) {
    throw new RotaError(
      'REDACTION_IMPOSSIBLE',
      `${source.indexPath} is no index of this version, so ${basename(source.path)} cannot be rewritten; withdraw the date (rota dump withdraw)`,
      { facts: { path: source.indexPath } },
    );
  }
  await using file = await BundleFile.open(source.path, source.format);
  const compress = await compressorOf(source.format, tools);
  const made = new Map<number, NewBundle>();
  for await (const { line, number } of candidates(indexLines(index), tools)) {
    signal.throwIfAborted();
    const raw = await file.readRaw(line);
    const { xml, changed } = redactXml(raw, tools.redaction, profileOf(raw, tools.profile));
    if (changed.length > 0) made.set(number, { xml, changed, ...(await compress(xml)) });
  }
  if (made.size === 0) return null;
  const digests = await rewrite(file, { source, target, header, made, lines: indexLines(index), tools });
  await readBack(source, target, made, tools);
  const changed = [...made.values()].flatMap((bundle) => bundle.changed);
  return { ...digests, changed };
}

/** The bundles in which one of the revisions may stand. */
async function* candidates(
  lines: AsyncIterable<IndexLine>,
  { pages }: RewriteTools,
): AsyncGenerator<{ readonly line: IndexLine; readonly number: number }, void, void> {
  const wanted = [...pages].map(([revision, page]): Position => [page, revision]);
  const mayHold = (line: IndexLine, next: IndexLine | null) =>
    wanted.some((position) => {
      if (position[0] < line.firstPage || position[0] > line.lastPage) return false;
      const isBehind = line.units === undefined || comparePositions(line.units.from, position) <= 0;
      return isBehind && (next?.units === undefined || comparePositions(next.units.from, position) > 0);
    });
  let number = 0;
  let before: IndexLine | null = null;
  for await (const line of lines) {
    if (before !== null && mayHold(before, line)) yield { line: before, number: number - 1 };
    before = line;
    number += 1;
  }
  if (before !== null && mayHold(before, null)) yield { line: before, number: number - 1 };
}

type Compress = (xml: Buffer) => Promise<{ readonly bytes: Buffer; readonly blocks?: number }>;

async function compressorOf(format: 'bz2' | 'zst', tools: RewriteTools): Promise<Compress> {
  if (format === 'zst') return async (xml) => ({ bytes: zstFrame(xml).bytes });
  const program = tools.bz2 ?? (await findBz2Program(tools.searchPath));
  const compressor = new Bz2Compressor({ program, concurrency: 1, signal: tools.signal });
  return async (xml) => {
    const { stream, blocks } = await compressor.compress(xml);
    return { bytes: stream, blocks };
  };
}

interface Rewriting {
  readonly source: BundledSource;
  readonly target: { readonly path: string; readonly indexPath: string };
  readonly header: IndexHeader;
  readonly made: ReadonlyMap<number, NewBundle>;
  readonly lines: AsyncIterable<IndexLine>;
  readonly tools: RewriteTools;
}

async function rewrite(file: BundleFile, job: Rewriting): Promise<Omit<RewrittenBundles, 'changed'>> {
  const { source, target, header, made, tools } = job;
  await using writer = await HashingFileWriter.create(target.path);
  const { key, turn } = header;
  await using index = await IndexFile.create(
    { output: catalogued(`${source.output}-index`), path: target.indexPath },
    { file: header.file, key, turn },
  );
  const joiner = source.format === 'bz2' ? new Bz2Joiner() : new ZstJoiner();
  let number = 0;
  let piece = 0;
  let rawDelta = 0;
  let last: IndexLine | null = null;
  for await (const line of job.lines) {
    tools.signal.throwIfAborted();
    if (last === null) {
      const head = await file.head(line);
      await writer.write(joiner.add(head.bytes, head.rawBytes, head.blocks));
    }
    const { at: _at, bits: _bits, crc: _crc, piece: begins, ...kept } = line;
    if (begins) piece += 1;
    const anew = made.get(number);
    const bytes = anew?.bytes ?? (await file.read(line));
    const now = anew === undefined ? kept : changedLine(kept, anew);
    rawDelta += now.raw - line.raw;
    const bundle = { ...now, bytes, piece: String(piece) };
    const at = joiner.offset;
    await writer.write(joiner.add(bytes, now.raw, now.blocks));
    const bits = source.format === 'bz2' ? { bits: joiner.offset - at, crc: crcOf(bytes) } : null;
    await index.add(bundle, at, bits);
    last = line;
    number += 1;
  }
  if (last !== null) {
    const foot = await file.foot(last);
    await writer.write(joiner.add(foot.bytes, foot.rawBytes, foot.blocks));
  }
  await writer.write(joiner.finish());
  return { file: await writer.close(), index: (await index.close(noHeld)).digest, rawDelta };
}

type KeptLine = Omit<IndexLine, 'at' | 'bits' | 'crc' | 'piece'>;

/** Without a digest it is never copied, and of what is listed no text is taken from it. */
function changedLine(line: KeptLine, { bytes, xml, blocks, changed }: NewBundle): KeptLine {
  const without = [...new Set([...(line.units?.without ?? []), ...changed])].sort((a, b) => a - b);
  return {
    ...line,
    raw: xml.length,
    length: bytes.length,
    ...(blocks === undefined ? {} : { blocks }),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(line.units === undefined ? {} : { units: { ...line.units, digest: null, without } }),
  };
}

/** Puts parts one behind the other; `offset` is where the next begins, in the file's own measure. */
interface Joiner {
  readonly offset: number;
  add(bytes: Buffer, rawBytes: number, blocks: number | undefined): Buffer;
  finish(): Buffer;
}

class Bz2Joiner implements Joiner {
  readonly #splicer = new Bz2Splicer();

  get offset(): number {
    return bitOffset(this.#splicer.state);
  }

  add(bytes: Buffer, _rawBytes: number, blocks: number | undefined): Buffer {
    return this.#splicer.append(bytes, blocks === undefined ? {} : { blocks });
  }

  finish(): Buffer {
    return this.#splicer.finish();
  }
}

class ZstJoiner implements Joiner {
  readonly #table = new SeekTableBuilder();
  #offset = 0;

  get offset(): number {
    return this.#offset;
  }

  add(bytes: Buffer, rawBytes: number): Buffer {
    this.#table.add(bytes.length, rawBytes);
    this.#offset += bytes.length;
    return bytes;
  }

  finish(): Buffer {
    return this.#table.finish();
  }
}

/** Copied bundles were proved when they were copied; new ones are read again from the disk. */
async function readBack(
  source: BundledSource,
  target: { readonly path: string; readonly indexPath: string },
  made: ReadonlyMap<number, NewBundle>,
  { searchPath, signal }: RewriteTools,
): Promise<void> {
  await using file = await BundleFile.open(target.path, source.format);
  let number = 0;
  for await (const line of indexLines({ path: target.indexPath, searchPath, signal })) {
    const expected = made.get(number)?.xml;
    number += 1;
    if (expected === undefined || (await file.readRaw(line)).equals(expected)) continue;
    throw new RotaError(
      'VERIFICATION_FAILED',
      `${basename(target.path)} does not read back as it was redacted; nothing was published of it: check disk and memory`,
      { facts: { path: target.path } },
    );
  }
}
