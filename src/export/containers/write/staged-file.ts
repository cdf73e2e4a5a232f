import { fstatSync, lstatSync, renameSync, rmSync, type Stats, statSync } from 'node:fs';
import { RotaError } from '../../../core/errors/rota-error.ts';

/**
 * The way of an output to its name: a file is called `NAME.part` until it is whole. What is no file (a device, a pipe)
 * is written to as it is: a file that is renamed to /dev/null takes its place, for the whole machine.
 */
export class StagedFile {
  readonly path: string;
  /** What is opened for writing. */
  readonly written: string;
  /** With which flag. */
  readonly flag: 'w' | 'wx';
  #inode = 0;

  private constructor(path: string, isFile: boolean) {
    this.path = path;
    this.written = isFile ? `${path}.part` : path;
    this.flag = isFile ? 'wx' : 'w';
  }

  /**
   * Makes room for `NAME.part`: what lies there is of a process that was killed, or of one that loses its turn now (its
   * `publish` says so). Two that write into one file would mix their bytes.
   * @param path absolute
   * @throws RotaError OUTPUT_UNWRITABLE for a folder; errors of the file system
   */
  static prepare(path: string): StagedFile {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      throw new RotaError('OUTPUT_UNWRITABLE', `${path} is a folder: name a file in it.`);
    }
    const staged = new StagedFile(path, isReplaced(path, found));
    if (staged.written !== path) rmSync(staged.written, { force: true });
    return staged;
  }

  /** To be told as soon as `written` is open. */
  opened(descriptor: number): void {
    this.#inode = fstatSync(descriptor).ino;
  }

  /**
   * Gives the file its name. The caller has synced and closed it.
   * @throws RotaError OUTPUT_UNWRITABLE when another process has begun to write the same file; errors of the file system
   */
  publish(): void {
    if (this.written === this.path) return;
    if (!this.#isOurs()) {
      throw new RotaError(
        'OUTPUT_UNWRITABLE',
        `${this.path} is being written by another process that began later: let it end, or name another file.`,
      );
    }
    renameSync(this.written, this.path);
  }

  /** Takes away what was not published. The caller has closed it. */
  discard(): void {
    if (this.written !== this.path && this.#isOurs()) rmSync(this.written, { force: true });
  }

  #isOurs(): boolean {
    return lstatSync(this.written, { throwIfNoEntry: false })?.ino === this.#inode;
  }
}

/** Links of the system, such as /dev/stdout, must stay, whatever they lead to. */
function isReplaced(path: string, found: Stats | undefined): boolean {
  if (found === undefined) return true;
  if (!found.isFile()) return false;
  return !(/^\/(dev|proc)\//.test(path) && lstatSync(path).isSymbolicLink());
}
