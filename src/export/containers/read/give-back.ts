/**
 * Passes chunks on and gives the memory of each back to the system when the next is asked for: whoever takes them keeps
 * none. The collector sees only small objects that stand for chunks, and would let 64 MB a thread lie before it comes.
 * A chunk that does not reach to the end of its memory is left alone: its maker may still write there.
 */
export async function* givingBack(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of chunks) {
    yield chunk;
    if (chunk.byteOffset + chunk.length === chunk.buffer.byteLength) giveBack(chunk);
  }
}

/**
 * Gives back the memory in which the bytes lie, all of it: every view of it is empty then. The pool that small buffers
 * share is left alone.
 */
export function giveBack({ buffer }: Buffer): void {
  if (buffer instanceof SharedArrayBuffer || buffer.byteLength <= Buffer.poolSize) return;
  buffer.transfer(0);
}
