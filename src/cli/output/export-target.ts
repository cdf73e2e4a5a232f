import { closeSync, fsyncSync, openSync } from 'node:fs';
import { RotaError } from '../../core/errors/rota-error.ts';
import { outputFailure } from '../../dumping/threads/descriptor.ts';
import { StagedFile } from '../../export/containers/write/staged-file.ts';

/** The file appears under its name when it is whole; until then, and if it fails, there is none. */
export class ExportTarget implements Disposable {
  readonly descriptor: number;
  readonly #staged: StagedFile | null;
  #isOpen = true;

  /**
   * @param path absolute; null for standard output
   * @throws RotaError OUTPUT_UNWRITABLE
   */
  constructor(path: string | null) {
    this.#staged = path === null ? null : trying(() => StagedFile.prepare(path));
    const staged = this.#staged;
    this.descriptor = staged === null ? 1 : trying(() => openSync(staged.written, staged.flag));
    staged?.opened(this.descriptor);
  }

  /** Not a stream or a device, beside which nothing can lie. */
  get isFile(): boolean {
    return this.#staged !== null && this.#staged.written !== this.#staged.path;
  }

  publish(): void {
    if (this.#staged === null) return;
    try {
      fsyncSync(this.descriptor);
    } catch (error) {
      // A device or a pipe cannot be synced, and need not be.
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw outputFailure(error);
    }
    this.#close();
    trying(() => this.#staged?.publish());
  }

  [Symbol.dispose](): void {
    if (this.#staged === null || !this.#isOpen) return;
    this.#close();
    this.#staged.discard();
  }

  #close(): void {
    this.#isOpen = false;
    closeSync(this.descriptor);
  }
}

function trying<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RotaError ? error : outputFailure(error);
  }
}
