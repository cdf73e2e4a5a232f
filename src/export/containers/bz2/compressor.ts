import { RotaError } from '../../../core/errors/rota-error.ts';
import { FilterShell } from '../filter-shell.ts';
import { inOrder } from '../in-order.ts';
import { Limiter } from '../limiter.ts';
import { filterBytes, findProgram, type Program } from '../program.ts';
import { findFooter, listBlocks } from './layout.ts';

/** One bundle as one complete bz2 stream. */
export interface Bz2Bundle {
  readonly stream: Buffer;
  readonly rawBytes: number;
  /** One, where the bundle keeps to the bundle size; a single great revision gives several. */
  readonly blocks: number;
  readonly combinedCrc: number;
}

export interface Bz2CompressorOptions {
  readonly program: Program;
  /** Processes at once, over everything that this compressor is given. */
  readonly concurrency: number;
  /** Kills the processes; everything under way then fails with the signal's reason. */
  readonly signal: AbortSignal;
  /**
   * A private folder, where many bundles are compressed: programs are then started by shells, which is much cheaper.
   * The compressor must be disposed of.
   */
  readonly folder?: string;
}

/**
 * The program that compresses to bz2. lbzip2 with one thread takes 25 to 30 % less CPU than bzip2 and its blocks begin
 * at whole bytes, so that splicing them is mere copying.
 * @throws RotaError PROGRAM_MISSING
 */
export function findBz2Program(searchPath: string): Promise<Program> {
  const need = { names: ['lbzip2', 'bzip2'], purpose: 'for .bz2 files', install: 'lbzip2 (faster) or bzip2' };
  return findProgram(need, searchPath);
}

/**
 * Compresses independent bundles to complete bz2 streams of level 9, one process a bundle (ADR 59).
 * Memory: at most `2 * concurrency` bundles, raw and compressed, in `compressAll`.
 */
export class Bz2Compressor implements Disposable {
  readonly #options: Bz2CompressorOptions;
  readonly #limiter: Limiter;
  /** All of them, and those that have nothing to do. */
  readonly #shells = new Set<FilterShell>();
  readonly #idle: FilterShell[] = [];

  constructor(options: Bz2CompressorOptions) {
    if (!Number.isInteger(options.concurrency) || options.concurrency < 1) {
      throw new RotaError(
        'INTERNAL',
        `The bz2 compressor needs a concurrency of 1 or more, not ${options.concurrency}.`,
      );
    }
    this.#options = options;
    this.#limiter = new Limiter(options.concurrency);
  }

  /**
   * One bundle, as soon as a process is free. Calls queue in order and hold their bundle meanwhile: whoever makes
   * many at once bounds them, as `compressAll` does.
   * @throws RotaError COMPRESSOR_FAILED; the signal's reason when it was aborted
   */
  compress(raw: Buffer, signal: AbortSignal = this.#options.signal): Promise<Bz2Bundle> {
    return this.#limiter.run(async () => {
      signal.throwIfAborted();
      return await this.#compress(raw, signal);
    });
  }

  /** The bundles' streams in the same order, read ahead only as far as there are processes for. */
  compressAll(bundles: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Bz2Bundle, void, void> {
    return inOrder(bundles, (raw, signal) => this.compress(raw, signal), this.#options);
  }

  [Symbol.dispose](): void {
    for (const shell of this.#shells) shell[Symbol.dispose]();
    this.#shells.clear();
    this.#idle.length = 0;
  }

  async #compress(raw: Buffer, signal: AbortSignal): Promise<Bz2Bundle> {
    const { program, folder } = this.#options;
    const args = program.name === 'lbzip2' ? ['-z', '-c', '-9', '-n', '1'] : ['-z', '-c', '-9'];
    if (folder === undefined) return toBundle(raw, await filterBytes(program, args, raw, signal), program);
    const shell = this.#idle.pop() ?? new FilterShell(program, args, folder, this.#options.signal);
    this.#shells.add(shell);
    try {
      return toBundle(raw, await shell.filter(raw), program);
    } finally {
      if (shell.isUsable) this.#idle.push(shell);
      else {
        shell[Symbol.dispose]();
        this.#shells.delete(shell);
      }
    }
  }
}

function toBundle(raw: Buffer, stream: Buffer, program: Program): Bz2Bundle {
  try {
    const blocks = listBlocks(stream).length;
    return { stream, rawBytes: raw.length, blocks, combinedCrc: findFooter(stream)?.combinedCrc ?? 0 };
  } catch (cause) {
    throw new RotaError(
      'COMPRESSOR_FAILED',
      `${program.name} answered ${raw.length} bytes with something that is not one bz2 stream; check the program.`,
      { cause, facts: { program: program.path } },
    );
  }
}
