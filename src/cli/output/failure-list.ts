import { accessSync, closeSync, constants, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { outputFailure } from '../../dumping/threads/descriptor.ts';
import type { FailedRevision } from '../../dumping/threads/failed-revision.ts';

/** The revisions in which something failed, as lines of JSON: there is a file only if there are such revisions. */
export class FailureList implements Disposable {
  readonly #path: string | null;
  #file: number | null = null;
  count = 0;

  /**
   * Takes an older list away.
   * @param path absolute; null: they are only counted
   * @throws RotaError USAGE when something else lies there; OUTPUT_UNWRITABLE
   */
  constructor(path: string | null) {
    this.#path = path;
    if (path === null) return;
    try {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined) accessSync(dirname(path), constants.W_OK);
      else if (found.isDirectory() || (found.isFile() && !isList(path))) throw notReplaced(path);
      else if (found.isFile()) rmSync(path);
    } catch (error) {
      throw error instanceof RotaError ? error : outputFailure(error);
    }
  }

  add(failure: FailedRevision): void {
    this.count += 1;
    if (this.#path === null) return;
    try {
      // Private: details name addresses in the database.
      this.#file ??= openSync(this.#path, 'w', 0o600);
      writeSync(this.#file, `${JSON.stringify(failure)}\n`);
    } catch (error) {
      throw outputFailure(error);
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function notReplaced(path: string): RotaError {
  return new RotaError(
    'USAGE',
    `${path} is not replaced: it is something else than a list of failed revisions; name another file with --failed`,
  );
}

/** By its first line: an object that names a page and a revision. */
function isList(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4096);
    const start = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
    const [line = ''] = start.split('\n', 1);
    return (
      start === '' || (line.startsWith('{"') && line.includes('"page":') && line.includes('"revision":'))
    );
  } finally {
    closeSync(file);
  }
}
