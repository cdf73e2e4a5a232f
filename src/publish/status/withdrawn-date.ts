import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../files/durable.ts';
import { publishedDateNames } from '../listing/published-dates.ts';
import type { Tree } from '../workspace/tree.ts';
import type { WebAddress } from './dump-view.ts';
import type { ManifestTombstone } from './manifest.ts';
import { signFile } from './sign-manifest.ts';
import { writeStatusFiles } from './write-status-files.ts';

export interface WithdrawnDate extends WebAddress {
  readonly wiki: string;
  readonly date: string;
  readonly tombstones: readonly ManifestTombstone[];
  readonly now: Date;
  /** null: manifests are not signed. */
  readonly signingKey: string | null;
}

/**
 * Writes what stays of a date that was taken back: status files without a job, and a manifest whose only content is when
 * it was. Who mirrors dumps knows from it that nothing is missing.
 */
export async function writeWithdrawn(tree: Tree, withdrawn: WithdrawnDate): Promise<void> {
  const { wiki, date, tombstones, now, signingKey, ...web } = withdrawn;
  const earlier = (await publishedDateNames(tree, wiki)).filter((name) => name < date);
  const previousDate = earlier.at(-1) ?? null;
  const view = {
    ...{ wiki, date, previousDate, jobs: [] },
    state: 'withdrawn',
    updatedAt: now,
    notice: 'This dump was withdrawn. Nothing of it is here any more.',
  } as const;
  const manifest = {
    format: 'rota-manifest',
    version: 1,
    ...{ wiki, date, previousDate },
    writtenAt: now,
    snapshot: null,
    readAt: {},
    sets: {},
    tombstones,
  };
  await writeStatusFiles(tree, view, web);
  const path = tree.file(wiki, date, 'manifest.json');
  await writeFileAtomic(path, `${JSON.stringify(manifest, null, 2)}\n`, { mode: tree.fileMode });
  if (signingKey !== null) await signFile(path, signingKey);
  await writeStatusFiles(tree, view, web);
}

/** Whether nothing but a tombstone is left of a date. */
export async function isWithdrawn(tree: Tree, wiki: string, date: string): Promise<boolean> {
  const text = await readFile(tree.file(wiki, date, 'manifest.json'), 'utf8').catch(() => null);
  if (text === null) return false;
  try {
    const { sets, tombstones } = JSON.parse(text) as {
      readonly sets?: Readonly<Record<string, unknown>>;
      readonly tombstones?: readonly { readonly what?: unknown }[];
    };
    return sets !== undefined && Object.keys(sets).length === 0 && tombstones?.at(-1)?.what === 'withdrawn';
  } catch {
    return false;
  }
}
