import type { BlockAccess, RawBlock } from '../../export/containers/random/block-access.ts';
import { xmlParts } from '../../export/scanner/xml-parts.ts';
import type { BlockPlace } from './block-scan.ts';

/** The content from a place on, to the end of the file. */
export async function* contentFrom(
  access: BlockAccess,
  place: { readonly block: RawBlock; readonly rawOffset: number },
): AsyncGenerator<Buffer, void, void> {
  let block: RawBlock | null = place.block;
  yield block.raw.subarray(place.rawOffset);
  for (block = await access.after(block); block !== null; block = await access.after(block)) yield block.raw;
}

/** The head of the page that begins at the place. */
export async function pageOpenAt(access: BlockAccess, place: BlockPlace): Promise<Buffer> {
  for await (const part of xmlParts(contentFrom(access, place))) {
    if (part.kind === 'page-open') return part.bytes;
    if (part.kind === 'end') break;
  }
  return Buffer.alloc(0);
}
