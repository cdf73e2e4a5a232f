import { type IndexedPage, multistreamPages } from '../export/containers/bz2/multistream.ts';
import type { DumpWriter, MultistreamFile } from '../export/containers/write/dump-writer.ts';
import { type DumpSource, rawBytesOf } from './dump-source.ts';
import { soundParts, titleOf } from './sound-parts.ts';

/** Writes the same content into another file; what it is does not matter. The writer is finished only if all went well. */
export async function recompress(source: DumpSource, writer: DumpWriter): Promise<{ rawBytes: number }> {
  let rawBytes = 0;
  for await (const bytes of rawBytesOf(source)) {
    await writer.write(bytes);
    rawBytes += bytes.length;
  }
  await writer.finish();
  return { rawBytes };
}

/**
 * Writes a dump as a multistream file: a stream of its head, streams of so many pages, a stream of its foot. Memory: the
 * ids and titles of a stream's pages, and a revision.
 * @throws RotaError XML_DAMAGED
 */
export async function recompressMultistream(
  source: DumpSource,
  writer: MultistreamFile,
  pagesPerStream = multistreamPages,
): Promise<{ rawBytes: number; pages: number; streams: number }> {
  let pages: IndexedPage[] = [];
  let [rawBytes, pageCount, streams] = [0, 0, 0];
  const endStream = async () => {
    await writer.endStream(pages);
    streams += 1;
    pages = [];
  };
  for await (const part of soundParts(source)) {
    if (part.kind === 'foot' && pages.length > 0) await endStream();
    await writer.write(part.bytes);
    rawBytes += part.bytes.length;
    if (part.kind === 'page-open') pages.push({ id: part.pageId, title: titleOf(part.bytes) });
    if (part.kind === 'page-close') pageCount += 1;
    const isFull = part.kind === 'page-close' && pages.length >= pagesPerStream;
    if (part.kind === 'head' || isFull) await endStream();
  }
  await endStream();
  await writer.finish();
  return { rawBytes, pages: pageCount, streams };
}
