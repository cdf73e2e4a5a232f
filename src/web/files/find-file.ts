import { lstat, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { systemCode } from '../../publish/files/file-failure.ts';

export type FoundFile =
  | { readonly kind: 'file' | 'folder' /** Absolute, links followed. */; readonly path: string }
  | { readonly kind: 'none' };

const none: FoundFile = { kind: 'none' };

/**
 * The file of a tree that a decoded URL path names. Nothing outside of the tree is ever found: no `..`, no hidden
 * name, no link that leads out, not even by one that is being changed (what is opened is the path that was checked,
 * which holds no link any more).
 */
export async function findFile(root: string, urlPath: string): Promise<FoundFile> {
  const parts = urlPath.split('/').filter((part) => part !== '');
  if (parts.some((part) => part.startsWith('.') || /[\0\\]/.test(part))) return none;
  try {
    const realRoot = await realpath(root);
    const path = await realpath(join(realRoot, ...parts));
    if (path !== realRoot && !path.startsWith(realRoot + sep)) return none;
    const found = await stat(path);
    // A pipe or device would be waited for.
    return found.isFile() ? { kind: 'file', path } : found.isDirectory() ? { kind: 'folder', path } : none;
  } catch (error) {
    const code = systemCode(error);
    if (
      code === 'ENOENT' ||
      code === 'ENOTDIR' ||
      code === 'ELOOP' ||
      code === 'ENAMETOOLONG' ||
      code === 'EACCES'
    )
      return none;
    throw error;
  }
}

/** A path as a URL has it, or a part of one; null where it is no text. */
export function decodedPath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Whether a folder's own page can be shown for it. */
export async function hasIndex(folder: string): Promise<boolean> {
  return await lstat(join(folder, 'index.html')).then(
    (found) => found.isFile(),
    () => false,
  );
}
