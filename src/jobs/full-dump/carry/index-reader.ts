import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { RotaError } from '../../../core/errors/rota-error.ts';
import {
  type IndexHeader,
  type IndexLine,
  indexFormat,
  indexVersion,
} from '../../../dumping/carry/bundle-index.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';

export interface IndexFile {
  readonly path: string;
  readonly sha256: string;
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

/**
 * The header of an index that is whole and of this version; otherwise why it cannot be used.
 * @param key what the index must have been written for
 */
export async function checkIndex(
  file: IndexFile,
  key: string,
): Promise<{ readonly header: IndexHeader } | { readonly refused: string }> {
  try {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file.path, { signal: file.signal }))
      hash.update(chunk as Buffer);
    if (hash.digest('hex') !== file.sha256) return { refused: 'has an index that fails its checksum' };
    for await (const line of lines(file)) {
      const header = JSON.parse(line) as IndexHeader;
      if (header.format !== indexFormat || header.version !== indexVersion) {
        return { refused: `has an index of another version (${header.version})` };
      }
      return header.key === key
        ? { header }
        : {
            refused:
              'was written by another version, or with other settings (schema, profile, content models)',
          };
    }
    return { refused: 'has an empty index' };
  } catch (error) {
    file.signal.throwIfAborted();
    return {
      refused: `has an index that cannot be read (${error instanceof Error ? error.message : error})`,
    };
  }
}

/** The header of an index, for whoever writes the index anew; null where it is none of this version. */
export async function indexHeader(file: Omit<IndexFile, 'sha256'>): Promise<IndexHeader | null> {
  for await (const line of lines(file)) {
    const header = JSON.parse(line) as IndexHeader;
    return header.format === indexFormat && header.version === indexVersion ? header : null;
  }
  return null;
}

/** The index's bundles in their order. Memory: a line and a few chunks. */
export async function* indexLines(file: Omit<IndexFile, 'sha256'>): AsyncGenerator<IndexLine, void, void> {
  let isHeader = true;
  for await (const line of lines(file)) {
    if (!isHeader) yield JSON.parse(line) as IndexLine;
    isHeader = false;
  }
}

async function* lines({
  path,
  searchPath,
  signal,
}: Omit<IndexFile, 'sha256'>): AsyncGenerator<string, void, void> {
  const container = await openContainer(path, { signal, searchPath });
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of rawBytes(container)) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') throw new RotaError('ARCHIVE_DAMAGED', `${path} ends within a line; make it again.`);
}
