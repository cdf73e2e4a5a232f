import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../files/file-failure.ts';
import type { Tree } from '../workspace/tree.ts';

const withdrawnPrefix = '.withdrawn-';

/** Takes a wiki's folder out of a tree as a whole: first out of sight, then from the disk. False when there is none. */
export async function takeAwayWikiFolder(tree: Tree, wiki: string): Promise<boolean> {
  const away = join(tree.workRoot, `${withdrawnPrefix}${randomBytes(8).toString('hex')}`);
  try {
    await rename(tree.wikiFolder(wiki), away);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
  await rm(away, { recursive: true, force: true, maxRetries: 3 });
  return true;
}
