import { randomBytes } from 'node:crypto';
import { readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { latestName, undatedName } from '../dump-catalogue/file-name.ts';
import { temporaryPrefix } from '../files/durable.ts';
import { type ChecksumAlgorithm, checksumAlgorithms } from '../files/file-digest.ts';
import { systemCode, writing } from '../files/file-failure.ts';
import { folderEntries } from '../files/folder-entries.ts';
import { rssFeed } from '../status/rss.ts';
import type { Audience, Tree } from '../workspace/tree.ts';
import type { LatestSet, PublishedSet } from './pointers.ts';
import type { PublishingFileSystem } from './publishing-file-system.ts';

export interface LatestMove {
  readonly wiki: string;
  readonly latest: LatestSet;
  readonly set: PublishedSet;
  readonly webRoot?: string;
}

/**
 * Makes `latest/` of one tree name a set's files: a symbolic link and an RSS feed a file, each put in place by a
 * rename, and takes away what the date before had and this one has not. Repeatable; only under the link lease.
 */
export async function switchLinks(fs: PublishingFileSystem, tree: Tree, move: LatestMove): Promise<void> {
  const { wiki, latest } = move;
  const files = filesOf(move.set, tree.audience);
  const gone = latest.before?.gone ?? [];
  if (files.length === 0 && gone.length === 0) return;
  const folder = tree.latestFolder(wiki);
  await fs.makeFolder(folder, tree.folderMode);
  for (const file of files) {
    const name = latestName(wiki, latest.date, file);
    await placeLink(fs, folder, name, `../${latest.date}/${file}`);
    const feed = rssFeed({
      wiki,
      date: latest.date,
      file,
      publishedAt: new Date(latest.movedAt),
      ...(move.webRoot === undefined ? {} : { webRoot: move.webRoot }),
    });
    await fs.writeFileAtomic(join(folder, `${name}-rss.xml`), feed, { mode: tree.fileMode });
  }
  for (const name of gone) {
    const link = join(folder, `${wiki}-latest-${name}`);
    await fs.remove(link);
    await fs.remove(`${link}-rss.xml`);
  }
  await writing('sync', folder, () => fs.syncFolder(folder));
}

/** The names, without wiki and date, that `before` gave to `latest` and `now` does not. */
export function goneNames(
  wiki: string,
  before: { readonly date: string; readonly set: PublishedSet },
  now: { readonly date: string; readonly set: PublishedSet },
): readonly string[] {
  const kept = new Set(now.set.files.map((file) => undatedName(wiki, now.date, file.name)));
  return before.set.files
    .map((file) => undatedName(wiki, before.date, file.name))
    .filter((name) => !kept.has(name));
}

/** Takes away the links that name a date which is about to be removed, and leftovers of a crash. */
export async function dropLinksTo(
  fs: PublishingFileSystem,
  tree: Tree,
  wiki: string,
  date: string,
): Promise<void> {
  const folder = tree.latestFolder(wiki);
  for (const name of await folderEntries(folder)) {
    const path = join(folder, name);
    const target = await readlink(path).catch(() => null);
    const names = target?.startsWith(`../${date}/`) ?? false;
    if (!names && !name.startsWith(temporaryPrefix)) continue;
    await fs.remove(path);
    if (names) await fs.remove(`${path}-rss.xml`);
  }
}

/** Where `latest` lists the checksums of its files. */
export function latestSums(tree: Tree, wiki: string, algorithm: ChecksumAlgorithm): string {
  return join(tree.latestFolder(wiki), `${wiki}-latest-${algorithm}sums.txt`);
}

/** For a `latest` that may name nothing any more: else they would list what is gone. */
export async function removeLatestSums(tree: Tree, wiki: string): Promise<void> {
  for (const algorithm of checksumAlgorithms) await rm(latestSums(tree, wiki, algorithm), { force: true });
}

function filesOf(set: PublishedSet, audience: Audience): readonly string[] {
  return set.files.filter((file) => file.audience === audience).map((file) => file.name);
}

/** A link cannot be changed, so a new one takes the name over. */
async function placeLink(
  fs: PublishingFileSystem,
  folder: string,
  name: string,
  target: string,
): Promise<void> {
  const path = join(folder, name);
  if ((await linkTarget(fs, path)) === target) return;
  const temporary = join(folder, `${temporaryPrefix}${name}.${randomBytes(6).toString('hex')}`);
  await writing('link', path, async () => {
    try {
      await fs.symlink(target, temporary);
      await fs.rename(temporary, path);
    } catch (error) {
      // After a rename that NFS sent twice the link stands and the second answer is ENOENT.
      if (systemCode(error) === 'ENOENT' && (await linkTarget(fs, path)) === target) return;
      await fs.remove(temporary).catch(() => undefined);
      throw error;
    }
  });
}

async function linkTarget(fs: PublishingFileSystem, path: string): Promise<string | null> {
  try {
    return await fs.readlink(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EINVAL') return null;
    throw error;
  }
}
