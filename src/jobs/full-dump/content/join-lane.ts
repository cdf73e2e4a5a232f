import { basename } from 'node:path';
import type { PageRange } from '../../../dumping/piece/piece-spec.ts';
import { Bz2Compressor } from '../../../export/containers/bz2/compressor.ts';
import { Bz2Splicer } from '../../../export/containers/bz2/splicer.ts';
import { gzMember } from '../../../export/containers/gz/members.ts';
import { type ZstFrame, zstFrame } from '../../../export/containers/zst/frame.ts';
import { SeekTableBuilder } from '../../../export/containers/zst/seek-table.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { HeldTally } from './held-tally.ts';
import { bitOffset, crcOf, IndexFile } from './index-file.ts';
import type { Bz2Options, Frame, JoinedFile, JoinTarget, LaneParts } from './joined-file.ts';
import { type Bundle, blocksOf, readBundles } from './lane-reader.ts';
import { LayoutFile } from './layout-file.ts';
import { MultistreamFiles } from './multistream-files.ts';

/** gz: a member for the head, the pieces' members, a member for the foot. */
export async function joinGz(
  parts: LaneParts,
  frame: Frame,
  targets: readonly JoinTarget[],
  signal: AbortSignal,
): Promise<readonly JoinedFile[]> {
  return await eachTarget(parts, targets, async (writer, held) => {
    await writer.write(gzMember(frame.header, { level: 6 }));
    for await (const bundle of bundlesOf(parts, signal, held)) await writer.write(bundle.bytes);
    await writer.write(gzMember(frame.footer, { level: 6 }));
  });
}

/** zst: frames, and at the end the table that makes the file seekable. */
export async function joinZst(
  parts: LaneParts,
  frame: Frame,
  targets: readonly JoinTarget[],
  signal: AbortSignal,
): Promise<readonly JoinedFile[]> {
  return await eachTarget(parts, targets, async (writer, held, index, layout) => {
    const table = new SeekTableBuilder();
    const add = async (bytes: Buffer, rawBytes: number) => {
      table.add(bytes.length, rawBytes);
      await writer.write(bytes);
    };
    const addFrame = async ({ bytes, rawBytes }: ZstFrame) => {
      await layout?.frame({ at: writer.sizeBytes, length: bytes.length }, rawBytes);
      await add(bytes, rawBytes);
    };
    await addFrame(zstFrame(frame.header));
    for await (const bundle of bundlesOf(parts, signal, held)) {
      await index?.add(bundle, writer.sizeBytes, null);
      await layout?.bundles({ at: writer.sizeBytes, length: bundle.bytes.length }, [bundle]);
      await add(bundle.bytes, bundle.raw);
    }
    await addFrame(zstFrame(frame.footer));
    await writer.write(table.finish());
  });
}

const streamHeaderBits = 32;

/** bz2: one single stream, spliced from the pieces' blocks: many readers stop after the first stream. */
export async function joinBz2(
  parts: LaneParts,
  frame: Frame,
  targets: readonly JoinTarget[],
  options: Bz2Options,
): Promise<readonly JoinedFile[]> {
  const { header, footer } = await compressFrame(frame, options);
  return await eachTarget(parts, targets, async (writer, held, index, layout) => {
    const splicer = new Bz2Splicer();
    const addFrame = async (stream: Buffer, raw: Buffer) => {
      // The stream's own header is written with the first block.
      const at = Math.max(bitOffset(splicer.state), streamHeaderBits);
      await writer.write(splicer.append(stream));
      const place = { at, bits: bitOffset(splicer.state) - at, crc: crcOf(stream) };
      await layout?.frame(place, raw.length);
    };
    await addFrame(header, frame.header);
    for await (const bundle of bundlesOf(parts, options.signal, held)) {
      const at = bitOffset(splicer.state);
      await writer.write(splicer.append(bundle.bytes, blocksOf(bundle)));
      const place = { bits: bitOffset(splicer.state) - at, crc: crcOf(bundle.bytes) };
      await index?.add(bundle, at, place);
      await layout?.bundles({ at, ...place }, [bundle]);
    }
    await addFrame(footer, frame.footer);
    await writer.write(splicer.finish());
  });
}

/** Articles: from one reading of the blocks the single stream, and the multistream file with its index. */
export async function joinArticlesBz2(
  parts: LaneParts,
  frame: Frame,
  targets: readonly JoinTarget[],
  options: Bz2Options,
): Promise<readonly JoinedFile[]> {
  const { header, footer } = await compressFrame(frame, options);
  const single = targets.find((target) => target.output.output === 'articles-bz2');
  const ownIndex = targets.filter((target) => target.output.output === 'articles-bz2-index');
  const joined = single ? await joinBz2(parts, frame, [single, ...ownIndex], options) : [];
  const file = targets.find((target) => target.output.output === 'articles-multistream');
  const index = targets.find((target) => target.output.output === 'articles-multistream-index');
  if (!file || !index) return joined;
  await using layout = await LayoutFile.create(file.path);
  await using multistream = await MultistreamFiles.create(file, index, { ...options, layout });
  await multistream.addFrame(header, frame.header.length);
  const held = new HeldTally();
  for await (const bundle of bundlesOf(parts, options.signal, held)) await multistream.add(bundle);
  await multistream.addFrame(footer, frame.footer.length);
  const files = await multistream.close();
  await layout.close();
  return [...joined, ...files.map((made) => ({ ...made, held: held.counts }))];
}

async function compressFrame(
  frame: Frame,
  options: Bz2Options,
): Promise<{ readonly header: Buffer; readonly footer: Buffer }> {
  const compressor = new Bz2Compressor({ ...options, concurrency: 2 });
  const [header, footer] = await Promise.all([
    compressor.compress(frame.header),
    compressor.compress(frame.footer),
  ]);
  return { header: header.stream, footer: footer.stream };
}

/** Each file, and the index of its bundles where there is to be one. */
async function eachTarget(
  parts: LaneParts,
  targets: readonly JoinTarget[],
  write: (
    writer: HashingFileWriter,
    held: HeldTally,
    index: IndexFile | null,
    layout: LayoutFile | null,
  ) => Promise<void>,
): Promise<readonly JoinedFile[]> {
  const joined: JoinedFile[] = [];
  for (const target of targets) {
    if (target.output.output.endsWith('-index')) continue;
    await using writer = await HashingFileWriter.create(target.path);
    const ownIndex = targets.find(({ output }) => output.output === `${target.output.output}-index`);
    await using index = ownIndex
      ? await IndexFile.create(ownIndex, { ...parts.index, file: basename(target.path) })
      : null;
    // They are read back by several threads, and of those that carry over some parts are not.
    const keepsLayout = parts.lane.format !== 'gz';
    await using layout = keepsLayout ? await LayoutFile.create(target.path) : null;
    const held = new HeldTally();
    await write(writer, held, index, layout);
    await layout?.close();
    joined.push({ ...target, digest: await writer.close(), held: held.counts });
    if (index) joined.push(await index.close(held.counts));
  }
  return joined;
}

/** The bundles of the pages in question. A piece that has some of them is read whole, and so checked whole. */
async function* bundlesOf(
  { parts, range }: LaneParts,
  signal: AbortSignal,
  held: HeldTally,
): AsyncGenerator<Bundle, void, void> {
  for (const part of parts) {
    if (range !== null && !overlaps(part.report.pageRange, range)) continue;
    for await (const bundle of readBundles(part, signal)) {
      // No bundle lies across a cut, so its first page tells.
      if (range !== null && (bundle.firstPage < range.firstPageId || bundle.firstPage > range.lastPageId))
        continue;
      held.add(bundle);
      yield bundle;
    }
  }
}

function overlaps(pages: PageRange | null, range: PageRange): boolean {
  return pages !== null && pages.firstPageId <= range.lastPageId && pages.lastPageId >= range.firstPageId;
}
