import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../files/durable.ts';
import { systemCode } from '../files/file-failure.ts';
import type { PublishedFile } from '../publication/pointers.ts';
import type { Tree } from '../workspace/tree.ts';
import type { WebAddress } from './dump-view.ts';
import type { ManifestTombstone } from './manifest.ts';
import { readDumpView } from './read-dump-view.ts';
import { signFile } from './sign-manifest.ts';
import { writeStatusFiles } from './write-status-files.ts';

export interface DateFacts extends WebAddress {
  readonly wiki: string;
  readonly date: string;
  /** What the store says is published in this tree on the date. */
  readonly files: readonly PublishedFile[];
  readonly tombstones: readonly ManifestTombstone[];
  readonly now: Date;
  /** null: manifests are not signed. */
  readonly signingKey: string | null;
}

/** As the manifest has them; what else is in it stays as it is. */
interface StoredManifest {
  writtenAt: unknown;
  sets: Record<string, { files: { name: string; sha256: string; rawBytes?: number }[] }>;
  tombstones: unknown[];
}

/**
 * Brings the status files of a published date to what the store says of its files now: checksums, sizes, manifest with
 * its signature, pages. It needs nothing of the run that made the date, and can be repeated. Gives false where all of
 * it is so already, or where there is no manifest.
 */
export async function refreshDate(tree: Tree, facts: DateFacts): Promise<boolean> {
  const { wiki, date, files, tombstones, now, signingKey } = facts;
  const path = tree.file(wiki, date, 'manifest.json');
  const manifest = await readManifest(path);
  if (manifest === null) return false;
  const stones = JSON.parse(JSON.stringify(tombstones)) as unknown[];
  const isStale = takeOver(manifest, files);
  // What the manifest has beside the store's (a replaced date) stands first.
  const missing = stones.filter((stone) => !manifest.tombstones.some((one) => isSame(one, stone)));
  if (!isStale && missing.length === 0) return false;
  manifest.tombstones = [...manifest.tombstones, ...missing];
  manifest.writtenAt = now.toISOString();
  const digests = new Map(files.map((file) => [file.name, file.digest]));
  const web = facts.webRoot === undefined ? {} : { webRoot: facts.webRoot };
  const stored = await readDumpView(tree, { wiki, date, now }, digests);
  const writeStatus = async () => {
    if (stored === null) return;
    const tables = stored.tables === undefined ? {} : { tables: stored.tables };
    await writeStatusFiles(tree, stored.view, { ...web, ...tables });
  };
  // The manifest comes after what it would otherwise prove too early: whoever repeats this looks at it.
  await writeStatus();
  await writeFileAtomic(path, `${JSON.stringify(manifest, null, 2)}\n`, { mode: tree.fileMode });
  if (signingKey !== null) await signFile(path, signingKey);
  await writeStatus();
  return true;
}

function takeOver(manifest: StoredManifest, files: readonly PublishedFile[]): boolean {
  const now = new Map(files.map((file) => [file.name, file]));
  let isStale = false;
  for (const set of Object.values(manifest.sets)) {
    set.files = set.files.map((file) => {
      const published = now.get(file.name);
      if (published === undefined || published.digest.sha256 === file.sha256) return file;
      isStale = true;
      const { digest, rawBytes } = published;
      return { ...file, ...digest, ...(rawBytes === undefined ? {} : { rawBytes }) };
    });
  }
  return isStale;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function readManifest(path: string): Promise<StoredManifest | null> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<StoredManifest>;
    if (value.sets === undefined) return null;
    return { ...value, writtenAt: value.writtenAt, sets: value.sets, tombstones: value.tombstones ?? [] };
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}
