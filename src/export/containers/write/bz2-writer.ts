import type { Bz2Bundle, Bz2Compressor } from '../bz2/compressor.ts';
import { type IndexedPage, MultistreamWriter } from '../bz2/multistream.ts';
import { Bz2Splicer } from '../bz2/splicer.ts';
import type { ByteSink } from './byte-sink.ts';
import type { DumpWriter, MultistreamFile } from './dump-writer.ts';

/** Three blocks a program, as in dumps (ADR 9). */
const bundleBytes = 3 * 890_000;

type Job =
  | { readonly kind: 'bundle'; readonly bundle: Promise<Bz2Bundle> }
  | { readonly kind: 'stream-end'; readonly pages: readonly IndexedPage[] };

export interface Bz2WriterOptions {
  readonly sink: ByteSink;
  readonly compressor: Bz2Compressor;
  readonly concurrency: number;
  /** Where the index of a multistream file goes, compressed or not. */
  readonly index?: DumpWriter;
}

/**
 * Compresses on all cores and joins the blocks into one stream, or into one stream each time it is told to. Memory:
 * `2 * concurrency` bundles of 2.7 MB; of a multistream file also ids and titles of a stream's pages.
 */
export class Bz2FileWriter implements MultistreamFile {
  readonly #options: Bz2WriterOptions;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  readonly #jobs: Job[] = [];
  #splicer = new Bz2Splicer();
  #streamIsEmpty = true;
  /** Where the stream being written stands, and how long it is. */
  readonly #streams = new MultistreamWriter();
  #streamParts: number = 0;

  constructor(options: Bz2WriterOptions) {
    this.#options = options;
  }

  async write(bytes: Buffer): Promise<void> {
    let rest = bytes;
    while (this.#pendingBytes + rest.length >= bundleBytes) {
      const room = bundleBytes - this.#pendingBytes;
      this.#add(rest.subarray(0, room));
      rest = rest.subarray(room);
      await this.#compress();
    }
    this.#add(rest);
  }

  async endStream(pages: readonly IndexedPage[]): Promise<void> {
    await this.#compress();
    this.#jobs.push({ kind: 'stream-end', pages });
    this.#streamIsEmpty = true;
  }

  async finish(): Promise<void> {
    if (!this.#streamIsEmpty || this.#pendingBytes > 0 || this.#streams.offset + this.#jobs.length === 0) {
      await this.endStream([]);
    }
    while (this.#jobs.length > 0) await this.#writeFirst();
    await this.#options.index?.finish();
    await this.#options.sink.finish();
  }

  #add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#streamIsEmpty = false;
  }

  async #compress(): Promise<void> {
    if (this.#pendingBytes === 0) return;
    const bundle = this.#options.compressor.compress(Buffer.concat(this.#pending));
    // Whoever takes it from the list sees the failure.
    bundle.catch(() => undefined);
    this.#jobs.push({ kind: 'bundle', bundle });
    this.#pending = [];
    this.#pendingBytes = 0;
    while (this.#jobs.length >= 2 * this.#options.concurrency) await this.#writeFirst();
  }

  async #writeFirst(): Promise<void> {
    const job = this.#jobs.shift();
    if (job === undefined) return;
    if (job.kind === 'bundle') {
      const bundle = await job.bundle;
      await this.#give(this.#splicer.append(bundle.stream, bundle));
      return;
    }
    await this.#give(this.#splicer.finish());
    this.#splicer = new Bz2Splicer();
    const lines = this.#streams.add(this.#streamParts, job.pages);
    this.#streamParts = 0;
    if (lines.length > 0) await this.#options.index?.write(lines);
  }

  async #give(bytes: Buffer): Promise<void> {
    this.#streamParts += bytes.length;
    await this.#options.sink.write(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const job of this.#jobs) if (job.kind === 'bundle') await job.bundle.catch(() => undefined);
    await this.#options.index?.[Symbol.asyncDispose]();
    await this.#options.sink[Symbol.asyncDispose]();
  }
}
