/**
 * Passes chunks on and gives the memory of each back to the system when the next is asked for: whoever takes them keeps
 * none. The collector sees only small objects that stand for chunks, and would let 64 MB a thread lie before it comes.
 * A chunk that does not reach to the end of its memory is left alone: its maker may still write there.
 */
export async function* givingBack(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of chunks) {
    yield chunk;
    giveBack(chunk);
  }
}

/** What was in the buffer is gone, and every view of its memory empty. Small ones share a pool and are left alone. */
export function giveBack(bytes: Buffer): void {
  const { buffer, byteOffset, length } = bytes;
  if (
    buffer instanceof SharedArrayBuffer ||
    buffer.byteLength <= Buffer.poolSize ||
    byteOffset + length < buffer.byteLength
  )
    return;
  buffer.transfer(0);
}
