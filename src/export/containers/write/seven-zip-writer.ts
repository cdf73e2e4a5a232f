import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Program } from '../program.ts';
import { writeSevenZip } from '../seven-zip/write-archive.ts';
import { unwritable } from './byte-sink.ts';
import type { DumpWriter } from './dump-writer.ts';

export interface SevenZipOptions {
  readonly path: string;
  readonly program: Program;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/**
 * A 7z archive with one file in it, made in a folder `NAME.part` because the program calls the content after the
 * archive.
 */
export class SevenZipWriter implements DumpWriter {
  readonly #path: string;
  readonly #stop: AbortController;
  readonly #input = new PassThrough({ highWaterMark: 1 << 20 });
  readonly #ended: Promise<unknown>;
  #isFinished = false;

  private constructor(options: SevenZipOptions) {
    this.#path = options.path;
    this.#stop = new AbortController();
    const signal = AbortSignal.any([options.signal, this.#stop.signal]);
    const path = join(`${options.path}.part`, basename(options.path));
    // Its group dies with its input: nothing has to be told of it.
    const own = () => ({ [Symbol.dispose]: () => undefined });
    this.#ended = writeSevenZip(this.#input, { ...options, path, signal, own }).then(
      () => null,
      (error: unknown) => {
        this.#input.destroy();
        return error;
      },
    );
  }

  /** @throws RotaError OUTPUT_UNWRITABLE, also where something is that is no file (a folder, a device) */
  static async open(options: SevenZipOptions): Promise<SevenZipWriter> {
    try {
      if (statSync(options.path, { throwIfNoEntry: false })?.isFile() === false) {
        throw new RotaError('OUTPUT_UNWRITABLE', `${options.path} is no file: a 7z archive needs one.`);
      }
      await rm(`${options.path}.part`, { recursive: true, force: true });
      await mkdir(`${options.path}.part`);
    } catch (error) {
      throw unwritable(options.path, error);
    }
    return new SevenZipWriter(options);
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#input.destroyed) await this.#throwFailure();
    if (bytes.length === 0 || this.#input.write(bytes)) return;
    const stop = new AbortController();
    await Promise.race([once(this.#input, 'drain', { signal: stop.signal }), this.#ended]).finally(() =>
      stop.abort(),
    );
    if (this.#input.destroyed) await this.#throwFailure();
  }

  async finish(): Promise<void> {
    this.#input.end();
    await this.#throwFailure();
    try {
      await rename(join(`${this.#path}.part`, basename(this.#path)), this.#path);
    } catch (error) {
      throw unwritable(this.#path, error);
    }
    this.#isFinished = true;
  }

  async #throwFailure(): Promise<void> {
    const failure = await this.#ended;
    if (failure !== null) throw failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isFinished) this.#stop.abort();
    // Before it is waited for: whoever feeds the program would wait for more for ever.
    this.#input.destroy();
    await this.#ended;
    await rm(`${this.#path}.part`, { recursive: true, force: true });
  }
}
