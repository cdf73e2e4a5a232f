import { closeSync, openSync, readSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { BinaryString } from '../../mediawiki/record/revision-record.ts';

const chunkBytes = 1 << 20;

/**
 * Reads files below the wiki's upload directory, for exports that include their contents. Null for a file that is not
 * there, or whose name leads out of the directory. Memory: one chunk.
 */
export function uploadReader(folder: string): (path: BinaryString) => Iterable<Uint8Array> | null {
  const root = resolve(folder);
  return (path) => {
    const file = resolve(root, Buffer.from(path, 'latin1').toString('utf8'));
    if (!file.startsWith(`${root}${sep}`)) return null;
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch {
      return null;
    }
    return chunksOf(descriptor);
  };
}

function* chunksOf(descriptor: number): Generator<Uint8Array, void, void> {
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const read = readSync(descriptor, chunk, 0, chunkBytes, null);
      if (read === 0) return;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(descriptor);
  }
}
