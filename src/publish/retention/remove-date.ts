import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../files/durable.ts';
import { systemCode, writing } from '../files/file-failure.ts';
import { folderEntries } from '../files/folder-entries.ts';
import { dropLinksTo } from '../publication/latest-links.ts';
import { nodeFileSystem } from '../publication/publishing-file-system.ts';
import type { Tree, Trees } from '../workspace/tree.ts';

const trashPrefix = '.trash-';

/**
 * Removes one date of a wiki from both trees. `forget` takes its pointers out of the store first: a crash after that
 * leaves a folder that the next pass removes, while the other order would leave pointers to nothing. The folder gets a
 * name that no listing shows before its files go, so nobody meets half a date. Public first: what is private lasts
 * longest. Call it under the link lease.
 */
export async function removeDate(
  trees: Trees,
  wiki: string,
  date: string,
  forget: () => Promise<void>,
): Promise<void> {
  await forget();
  for (const tree of [trees.public, trees.private]) {
    await dropLinksTo(nodeFileSystem, tree, wiki, date);
    const folder = tree.dateFolder(wiki, date);
    const trash = join(tree.wikiFolder(wiki), `${trashPrefix}${date}-${randomBytes(4).toString('hex')}`);
    const moved = await writing('move away', folder, () => renameIfThere(folder, trash));
    if (!moved) continue;
    await syncFolder(tree.wikiFolder(wiki));
    await removeTrash(trash);
  }
}

/** Removes what an earlier removal left behind; gives the names. */
export async function sweepTrash(tree: Tree, wiki: string): Promise<readonly string[]> {
  const folder = tree.wikiFolder(wiki);
  const left = (await folderEntries(folder)).filter((name) => name.startsWith(trashPrefix));
  for (const name of left) await removeTrash(join(folder, name));
  return left;
}

async function removeTrash(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 2 });
  } catch (error) {
    // NFS keeps a file that somebody still reads as .nfs…; the next sweep finds the folder empty.
    if (!['ENOTEMPTY', 'EBUSY'].includes(systemCode(error) ?? ''))
      await writing('remove', path, () => Promise.reject(error));
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
