import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { systemCode, writing } from './file-failure.ts';

/**
 * Makes a folder with what is missing above it. For every path that a user names: Node's own recursive mkdir never ends where a
 * file system takes no folders and says ENOENT, as /proc does.
 * @returns the topmost folder that was made; undefined when all were there
 * @throws RotaError FILE_UNWRITABLE, DISK_FULL
 */
export async function makeFolders(path: string, mode = 0o777): Promise<string | undefined> {
  return await writing('make the folder', path, async () => {
    let topmost: string | undefined;
    let refused: string | undefined;
    const missing = [resolve(path)];
    for (let next = missing.at(-1); next !== undefined; next = missing.at(-1)) {
      try {
        await mkdir(next, { mode });
        topmost ??= next;
      } catch (error) {
        const isMissing = systemCode(error) === 'ENOENT';
        if (isMissing && !(await isFolder(dirname(next)))) {
          missing.push(dirname(next));
          continue;
        }
        if (isMissing && refused === next) throw notThere(next, error);
        if (isMissing) {
          // What is above may have been made by somebody else between the two questions.
          refused = next;
          continue;
        }
        // There already, or made by somebody else meanwhile. (EROFS and EACCES come before EEXIST.)
        if (!(await isFolder(next))) throw error;
      }
      missing.pop();
    }
    return topmost;
  });
}

function notThere(path: string, cause: unknown): RotaError {
  return new RotaError(
    'FILE_UNWRITABLE',
    `Cannot make the folder ${path}: the file system of ${dirname(path)} takes no new folders; name another place`,
    { cause, facts: { path } },
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
