import { randomBytes } from 'node:crypto';
import { chmod, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCode, writing } from './file-failure.ts';
import { makeFolders } from './make-folders.ts';

/** Temporary files beside their target begin so; what a crash left behind is swept by this name. */
export const temporaryPrefix = '.new-';

/** Some file systems have no fsync for folders; there the rename is as durable as they make it. */
const noFolderSync = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EBADF']);

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  await writing('sync the folder', path, async () => {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } catch (error) {
      if (!noFolderSync.has(systemCode(error) ?? '')) throw error;
    } finally {
      await handle.close();
    }
  });
}

/**
 * Makes a folder with its parents; every new name is durable when it returns. The mode is set on what is new whatever
 * the umask says: a public tree that the web server cannot read is the classic result of a careful umask.
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const first = await makeFolders(path, mode);
  if (first === undefined) return;
  for (let made = resolve(path); ; made = dirname(made)) {
    await writing('set the mode of', made, () => chmod(made, mode));
    await syncFolder(dirname(made));
    if (made === first || dirname(made) === made) return;
  }
}

export interface WriteAtomicOptions {
  readonly mode?: number;
  /** Asked right before the new content takes the place of the old: throws to leave the old. */
  readonly guard?: (() => void) | undefined;
}

/**
 * Writes a small file so that a reader, or a crash, meets the old content or the new and nothing between: a new file
 * beside it, fsync, rename, fsync of the folder. This one replaces: it is for status files, never for published data.
 */
export async function writeFileAtomic(
  path: string,
  body: string | Uint8Array,
  options: WriteAtomicOptions = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `${temporaryPrefix}${basename(path)}.${randomBytes(6).toString('hex')}`);
  await writing('write', path, async () => {
    try {
      const handle = await open(temporary, 'wx', options.mode ?? 0o644);
      try {
        // Whatever the umask says, for the same reason as with folders.
        await handle.chmod(options.mode ?? 0o644);
        await handle.writeFile(body);
        await handle.sync();
      } finally {
        // Shared file systems may report a full disk only here.
        await handle.close();
      }
      options.guard?.();
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
  await syncFolder(folder);
}
