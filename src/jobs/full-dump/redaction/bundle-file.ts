import { createHash } from 'node:crypto';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { IndexLine } from '../../../dumping/carry/bundle-index.ts';
import { extractStream } from '../../../dumping/carry/extract-stream.ts';
import { type Bz2Block, Bz2BlockFile } from '../../../export/containers/bz2/decode/block-file.ts';
import { foldCrc } from '../../../export/containers/bz2/layout.ts';
import { FileWindow } from '../../../export/containers/file-window.ts';
import { readZstFrame } from '../../../export/containers/zst/frame.ts';
import type { SeekEntry } from '../../../export/containers/zst/seek-table.ts';
import { SeekableFile } from '../../../export/containers/zst/seekable-file.ts';

/** A part of a file as a stream or frame of its own. */
export interface FilePart {
  readonly bytes: Buffer;
  readonly rawBytes: number;
  /** bz2 only. */
  readonly blocks: number;
}

/**
 * A published file of bundles with its index. Everything that is read is proved: bundles by the SHA-256 in the index,
 * what stands around them by its own checksums.
 * Memory: one bundle, compressed and raw.
 */
export abstract class BundleFile implements AsyncDisposable {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws RotaError FILE_UNREADABLE, SEEK_TABLE_INVALID */
  static async open(path: string, format: 'bz2' | 'zst'): Promise<BundleFile> {
    if (format === 'bz2') {
      return new Bz2Bundles(path, await FileWindow.open(path), await Bz2BlockFile.open(path));
    }
    return new ZstBundles(path, await FileWindow.open(path), await SeekableFile.open(path));
  }

  /** A bundle's compressed bytes, as the index describes them. */
  async read(line: IndexLine): Promise<Buffer> {
    const bytes = await this.bytesOf(line);
    if (createHash('sha256').update(bytes).digest('hex') === line.sha256) return bytes;
    throw this.damaged(`the bundle at ${line.at} is not what its index says`);
  }

  abstract readRaw(line: IndexLine): Promise<Buffer>;
  /** What stands before the first bundle. */
  abstract head(first: IndexLine): Promise<FilePart>;
  /** What stands behind the last bundle, without what closes the file itself. */
  abstract foot(last: IndexLine): Promise<FilePart>;
  protected abstract bytesOf(line: IndexLine): Promise<Buffer>;
  abstract [Symbol.asyncDispose](): Promise<void>;

  protected damaged(what: string): RotaError {
    return new RotaError(
      'REDACTION_IMPOSSIBLE',
      `${this.path} cannot be rewritten: ${what}; withdraw the date (rota dump withdraw), or bring the file back from a mirror`,
      { facts: { path: this.path } },
    );
  }
}

class ZstBundles extends BundleFile {
  readonly #file: FileWindow;
  readonly #frames: SeekableFile;

  constructor(path: string, file: FileWindow, frames: SeekableFile) {
    super(path);
    this.#file = file;
    this.#frames = frames;
  }

  async readRaw(line: IndexLine): Promise<Buffer> {
    return readZstFrame(await this.read(line), line.raw);
  }

  async head(first: IndexLine): Promise<FilePart> {
    return await this.#frame(this.#frames.table.entry(0), 0, first.at);
  }

  async foot(last: IndexLine): Promise<FilePart> {
    const { table } = this.#frames;
    return await this.#frame(table.entry(table.frames - 1), last.at + last.length, table.bytes);
  }

  protected async bytesOf(line: IndexLine): Promise<Buffer> {
    return await this.#file.read(line.at, line.length);
  }

  async #frame(entry: SeekEntry, from: number, to: number): Promise<FilePart> {
    if (entry.offset !== from || entry.offset + entry.bytes !== to) {
      throw this.damaged(`it has no single frame from ${from} to ${to}`);
    }
    const bytes = Buffer.from(await this.#file.read(entry.offset, entry.bytes));
    return { bytes, rawBytes: readZstFrame(bytes, entry.rawBytes).length, blocks: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
    await this.#frames[Symbol.asyncDispose]();
  }
}

/** `BZh9`. */
const headerBits = 32;

class Bz2Bundles extends BundleFile {
  readonly #file: FileWindow;
  readonly #blocks: Bz2BlockFile;

  constructor(path: string, file: FileWindow, blocks: Bz2BlockFile) {
    super(path);
    this.#file = file;
    this.#blocks = blocks;
  }

  async readRaw(line: IndexLine): Promise<Buffer> {
    const raws: Buffer[] = [];
    for await (const block of this.#between(line.at, endOf(line))) raws.push(Buffer.from(block.raw));
    return Buffer.concat(raws);
  }

  async head(first: IndexLine): Promise<FilePart> {
    return await this.#part(headerBits, first.at);
  }

  async foot(last: IndexLine): Promise<FilePart> {
    let end = endOf(last);
    const start = end;
    for await (const step of this.#blocks.walk({ from: start })) {
      if (step.kind === 'block') end = step.block.endBit;
      else if (step.kind === 'stream-end') break;
      else throw this.damaged('it does not end behind its last bundle');
    }
    return await this.#part(start, end);
  }

  protected async bytesOf(line: IndexLine): Promise<Buffer> {
    return await this.#extract(line.at, endOf(line), line.crc ?? 0);
  }

  async #part(from: number, to: number): Promise<FilePart> {
    let crc = 0;
    let rawBytes = 0;
    let blocks = 0;
    for await (const block of this.#between(from, to)) {
      crc = foldCrc(crc, block.crc);
      rawBytes += block.raw.length;
      blocks += 1;
    }
    return { bytes: await this.#extract(from, to, crc), rawBytes, blocks };
  }

  async #extract(from: number, to: number, crc: number): Promise<Buffer> {
    const first = Math.floor(from / 8);
    const bytes = await this.#file.read(first, Math.ceil(to / 8) - first);
    return extractStream(bytes, { skip: from % 8, bits: to - from, crc });
  }

  /** The blocks that fill the bits; each proves its own CRC when it is read. */
  async *#between(from: number, to: number): AsyncGenerator<Bz2Block, void, void> {
    for (let at = from; at < to; ) {
      const block = await this.#blocks.read(at);
      if (!('raw' in block)) throw this.damaged(`at bit ${at}: ${block.what}`);
      yield block;
      at = block.endBit;
      if (at > to) throw this.damaged(`a block goes on past bit ${to}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
    await this.#blocks[Symbol.asyncDispose]();
  }
}

function endOf(line: IndexLine): number {
  return line.at + (line.bits ?? 0);
}
