import { Bz2Compressor } from '../../../export/containers/bz2/compressor.ts';
import { type IndexedPage, MultistreamWriter } from '../../../export/containers/bz2/multistream.ts';
import { Bz2Splicer } from '../../../export/containers/bz2/splicer.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import type { Bz2Options, JoinedFile, JoinTarget } from './joined-file.ts';
import { type Bundle, blocksOf } from './lane-reader.ts';
import type { LayoutFile } from './layout-file.ts';

interface MultistreamOptions extends Bz2Options {
  readonly layout: LayoutFile | null;
}

/** Index lines are compressed in portions of this size and joined, so memory does not grow with the wiki. */
const indexPortionBytes = 4 << 20;

/**
 * Writes the multistream file and its index. A stream ends where a page ends: bundles up to there are spliced into one
 * stream, because a reader that starts at an offset of the index stops at the stream's end.
 */
export class MultistreamFiles implements AsyncDisposable {
  readonly #targets: readonly [JoinTarget, JoinTarget];
  readonly #file: HashingFileWriter;
  readonly #index: HashingFileWriter;
  readonly #compressor: Bz2Compressor;
  readonly #places: LayoutFile | null;
  readonly #layout = new MultistreamWriter();
  readonly #indexStream = new Bz2Splicer();
  #stream = new Bz2Splicer();
  #parts: Buffer[] = [];
  /** Those that the stream in hand is made of. */
  #bundles: Omit<Bundle, 'bytes'>[] = [];
  #pages: IndexedPage[] = [];
  #lines: Buffer[] = [];
  #lineBytes = 0;

  private constructor(
    targets: readonly [JoinTarget, JoinTarget],
    writers: readonly [HashingFileWriter, HashingFileWriter],
    options: MultistreamOptions,
  ) {
    this.#places = options.layout;
    this.#targets = targets;
    [this.#file, this.#index] = writers;
    this.#compressor = new Bz2Compressor({ ...options, concurrency: 1 });
  }

  static async create(
    file: JoinTarget,
    index: JoinTarget,
    options: MultistreamOptions,
  ): Promise<MultistreamFiles> {
    const first = await HashingFileWriter.create(file.path);
    const second = await HashingFileWriter.create(index.path);
    return new MultistreamFiles([file, index], [first, second], options);
  }

  /** A stream of its own without pages: the XML's head or foot. */
  async addFrame(stream: Buffer, rawBytes: number): Promise<void> {
    await this.#places?.frame({ at: this.#file.sizeBytes, length: stream.length }, rawBytes);
    this.#layout.add(stream, []);
    await this.#file.write(stream);
  }

  async add(bundle: Bundle): Promise<void> {
    for (const [id, title] of bundle.pages ?? []) this.#pages.push({ id, title });
    if (this.#places !== null) {
      const { bytes: _, ...kept } = bundle;
      this.#bundles.push(kept);
    }
    // The usual case needs no splicing: the bundle is the stream.
    if (bundle.whole && this.#parts.length === 0) {
      await this.#endStream(bundle.bytes);
      return;
    }
    this.#parts.push(this.#stream.append(bundle.bytes, blocksOf(bundle)));
    if (!bundle.whole) return;
    this.#parts.push(this.#stream.finish());
    await this.#endStream(Buffer.concat(this.#parts));
    this.#stream = new Bz2Splicer();
    this.#parts = [];
  }

  async close(): Promise<readonly Omit<JoinedFile, 'held'>[]> {
    await this.#flushIndex();
    await this.#index.write(this.#indexStream.finish());
    const [file, index] = this.#targets;
    return [
      { ...file, digest: await this.#file.close() },
      { ...index, digest: await this.#index.close() },
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
    await this.#index[Symbol.asyncDispose]();
  }

  async #endStream(stream: Buffer): Promise<void> {
    const lines = this.#layout.add(stream, this.#pages);
    this.#pages = [];
    await this.#places?.bundles({ at: this.#file.sizeBytes, length: stream.length }, this.#bundles);
    this.#bundles = [];
    await this.#file.write(stream);
    this.#lines.push(lines);
    this.#lineBytes += lines.length;
    if (this.#lineBytes >= indexPortionBytes) await this.#flushIndex();
  }

  async #flushIndex(): Promise<void> {
    if (this.#lineBytes === 0) return;
    const bundle = await this.#compressor.compress(Buffer.concat(this.#lines));
    await this.#index.write(this.#indexStream.append(bundle.stream, { blocks: bundle.blocks }));
    this.#lines = [];
    this.#lineBytes = 0;
  }
}
