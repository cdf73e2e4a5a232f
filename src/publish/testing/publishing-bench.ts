import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ManualClock } from '../../core/manual-clock.ts';
import { DigestBuilder } from '../files/file-digest.ts';
import type { PublishedFile } from '../publication/pointers.ts';
import { Publisher, type SetToPublish } from '../publication/publisher.ts';
import { nodeFileSystem, type PublishingFileSystem } from '../publication/publishing-file-system.ts';
import type { Audience, Trees } from '../workspace/tree.ts';
import { MemoryPublicationStore } from './memory-publication-store.ts';
import { treesIn } from './temporary-folder.ts';

export interface Bench {
  readonly trees: Trees;
  readonly store: MemoryPublicationStore;
  readonly publisher: (fileSystem?: PublishingFileSystem) => Publisher;
}

export async function bench(folder: string): Promise<Bench> {
  const trees = await treesIn(folder);
  const store = new MemoryPublicationStore();
  const clock = new ManualClock('2026-11-22T05:00:00Z');
  const publisher = (fileSystem: PublishingFileSystem = nodeFileSystem) =>
    new Publisher({ trees, store, lease: store, clock, webRoot: 'https://dumps.example/d', fileSystem });
  return { trees, store, publisher };
}

export async function workFile(
  trees: Trees,
  name: string,
  body: string,
  audience: Audience = 'public',
): Promise<PublishedFile> {
  const committedPath = join('full-dump~aawiki~x.1/p1.1-0', name);
  const path = join(trees[audience].workRoot, committedPath);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
  const builder = new DigestBuilder();
  builder.update(Buffer.from(body));
  return { name, audience, committedPath, digest: builder.finish() };
}

export async function tablesSet(trees: Trees, date: string, names: readonly string[]): Promise<SetToPublish> {
  const files = await Promise.all(
    names.map((name) =>
      workFile(
        trees,
        `aawiki-${date}-${name}`,
        `${name} of ${date}`,
        name.startsWith('user') ? 'private' : 'public',
      ),
    ),
  );
  return { job: 'full-dump', wiki: 'aawiki', date, set: 'tables', privateWiki: false, files };
}

/** Everything below a folder: path → content or link target. */
export async function picture(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries: [string, string][] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isSymbolicLink()) entries.push([name, `-> ${await readlink(path)}`]);
    else if (entry.isFile()) entries.push([name, await readFile(path, 'utf8')]);
  }
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same steps without waiting for the disk: a crash is played here, and an fsync cannot be seen. */
export const quickFileSystem: PublishingFileSystem = {
  ...nodeFileSystem,
  makeFolder: async (path, mode) => {
    await mkdir(path, { recursive: true, mode });
  },
  syncFolder: async () => undefined,
  writeFileAtomic: (path, body) => writeFile(path, body),
};
