import { gzMember } from '../gz/members.ts';
import { defaultZstLevel, zstFrame } from '../zst/frame.ts';
import { SeekTableBuilder } from '../zst/seek-table.ts';
import type { ByteSink } from './byte-sink.ts';
import type { DumpWriter } from './dump-writer.ts';

/** As in dumps: parts that are found and decompressed by themselves. */
const frameBytes = 16 << 20;
const memberBytes = 1 << 20;

export class PlainWriter implements DumpWriter {
  readonly #sink: ByteSink;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  write(bytes: Buffer): Promise<void> {
    return this.#sink.write(bytes);
  }

  finish(): Promise<void> {
    return this.#sink.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sink[Symbol.asyncDispose]();
  }
}

/** Collects what is written and compresses it in parts of about one size, cut between two writes. Memory: one part. */
abstract class PartWriter implements DumpWriter {
  protected readonly sink: ByteSink;
  readonly #partBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isEmpty = true;

  constructor(sink: ByteSink, partBytes: number) {
    this.sink = sink;
    this.#partBytes = partBytes;
  }

  protected abstract writePart(raw: Buffer): Promise<void>;

  async write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#pendingBytes > 0 && this.#pendingBytes + bytes.length > this.#partBytes) await this.#flush();
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  async finish(): Promise<void> {
    // Nothing at all is still a file of its format.
    if (this.#pendingBytes > 0 || this.#isEmpty) await this.#flush();
    await this.end();
    await this.sink.finish();
  }

  protected end(): Promise<void> {
    return Promise.resolve();
  }

  async #flush(): Promise<void> {
    this.#isEmpty = false;
    const raw = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.writePart(raw);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sink[Symbol.asyncDispose]();
  }
}

export class GzFileWriter extends PartWriter {
  constructor(sink: ByteSink) {
    super(sink, memberBytes);
  }

  protected writePart(raw: Buffer): Promise<void> {
    return this.sink.write(gzMember(raw, { level: 6 }));
  }
}

/** Seekable: frames of about 16 MiB and a table of them at the end. */
export class ZstFileWriter extends PartWriter {
  readonly #table = new SeekTableBuilder();
  readonly #level: number;

  constructor(sink: ByteSink, level = defaultZstLevel) {
    super(sink, frameBytes);
    this.#level = level;
  }

  protected async writePart(raw: Buffer): Promise<void> {
    const frame = zstFrame(raw, this.#level);
    this.#table.add(frame.bytes.length, raw.length);
    await this.sink.write(frame.bytes);
  }

  protected override end(): Promise<void> {
    return this.sink.write(this.#table.finish());
  }
}
