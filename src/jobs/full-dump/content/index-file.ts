import { constants, zstdCompressSync } from 'node:zlib';
import {
  type IndexHeader,
  type IndexLine,
  indexFormat,
  indexVersion,
} from '../../../dumping/carry/bundle-index.ts';
import { findFooter } from '../../../export/containers/bz2/layout.ts';
import type { Bz2SplicerState } from '../../../export/containers/bz2/splicer.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import type { HeldCounts, JoinedFile, JoinTarget } from './joined-file.ts';
import type { Bundle } from './lane-reader.ts';

/** So much of the index is compressed at once. */
const portionBytes = 1 << 20;

/** Writes the index of a file while its bundles are joined. Memory: a portion of about a megabyte. */
export class IndexFile implements AsyncDisposable {
  readonly #target: JoinTarget;
  readonly #writer: HashingFileWriter;
  #lines: string[] = [];
  #length = 0;
  #piece = '';

  private constructor(target: JoinTarget, writer: HashingFileWriter) {
    this.#target = target;
    this.#writer = writer;
  }

  static async create(
    target: JoinTarget,
    header: Omit<IndexHeader, 'format' | 'version'>,
  ): Promise<IndexFile> {
    const index = new IndexFile(target, await HashingFileWriter.create(target.path));
    const full: IndexHeader = { format: indexFormat, version: indexVersion, ...header };
    await index.#add(full);
    return index;
  }

  /** @param at where in the file the bundle begins: bytes; in a bz2 file bits */
  async add(
    bundle: Bundle,
    at: number,
    bits: { readonly bits: number; readonly crc: number } | null,
  ): Promise<void> {
    const { bytes: _bytes, piece, copied: _copied, ...line } = bundle;
    const full: IndexLine = {
      at,
      ...line,
      ...(bits ?? {}),
      ...(piece === this.#piece ? {} : { piece: true }),
    };
    this.#piece = piece;
    await this.#add(full);
  }

  /** @param held what the file holds that is described */
  async close(held: HeldCounts): Promise<JoinedFile> {
    await this.#flush();
    return { ...this.#target, digest: await this.#writer.close(), held };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer[Symbol.asyncDispose]();
  }

  async #add(line: IndexHeader | IndexLine): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    this.#lines.push(text);
    this.#length += text.length;
    if (this.#length >= portionBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#length === 0) return;
    const raw = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    this.#length = 0;
    await this.#writer.write(
      zstdCompressSync(raw, {
        params: { [constants.ZSTD_c_contentSizeFlag]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
      }),
    );
  }
}

/** Where the next bit of a spliced stream stands in its file. */
export function bitOffset({ bytes, carryBits }: Bz2SplicerState): number {
  return bytes * 8 + carryBits;
}

/** The combined CRC of a stream's blocks. */
export function crcOf(stream: Buffer): number {
  return findFooter(stream)?.combinedCrc ?? 0;
}
